"""A collector that takes what it is sent over gRPC, and throws it away. Prints its port and its process id."""
import os
from concurrent import futures

import grpc


class Anything(grpc.GenericRpcHandler):
    def service(self, _):
        return grpc.unary_unary_rpc_method_handler(lambda *_: b"")


server = grpc.server(futures.ThreadPoolExecutor(max_workers=2), handlers=[Anything()])
print(server.add_insecure_port("127.0.0.1:0"), os.getpid(), flush=True)
server.start()
server.wait_for_termination()
