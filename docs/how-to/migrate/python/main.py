manager = ProcessManager()
manager.start_worker(name="trades", worker_class=MassiveDataProcessor, rabbitmq_url=url, queue_name="trades")
manager.stop_all(timeout=10)
