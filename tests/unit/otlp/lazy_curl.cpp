// Called libcurl-lazy.so, and linked without BIND_NOW: each of its calls is bound when it is first made.
#include <sys/socket.h>
#include <unistd.h>

extern "C" int open_socket() { return ::socket(AF_INET, SOCK_STREAM, 0); }
extern "C" int call_something_else() { return ::getppid(); }
