// A program that does what its arguments say, one after the other, as worker programs do. It knows nothing of
// Lineshaft; what it says over NOTIFY_SOCKET it says through libsystemd, where that is installed.
//
//   say TEXT           sd_notify(TEXT)
//   barrier            sd_notify_barrier(): waits until everything said has been handled
//   send TEXT          one datagram, by hand; \0 is a NUL
//   flood N            a datagram of N bytes
//   child, session     the rest is done by a child, in a session of its own; this process waits
//   orphan             the rest is done by a child whose parent has ended; this process waits
//   ignore SIGNAL, on SIGNAL FILE (writes the number down), exit_on SIGNAL CODE
//   write FILE TEXT, variable NAME FILE, parent_death FILE
//   hold SIGNAL, await SIGNAL: keeps it pending, waits for it
//   until FILE         waits until there is such a file
//   sleep MILLISECONDS
//   exit CODE, wait
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

int report_file = -1;
int exit_code = 0;

void write_to(const char* file, const std::string& line) {
  const int fd = ::open(file, O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (fd < 0 || ::write(fd, (line + "\n").c_str(), line.size() + 1) < 0) ::exit(99);
  ::close(fd);
}

template <class Function>
Function* libsystemd(const char* name) {
  static void* const library = ::dlopen("libsystemd.so.0", RTLD_NOW);
  void* const found = library == nullptr ? nullptr : ::dlsym(library, name);
  if (found == nullptr) ::exit(98);
  return reinterpret_cast<Function*>(found);
}

void send_by_hand(const std::string& text) {
  const char* address = std::getenv("NOTIFY_SOCKET");
  if (address == nullptr) ::exit(97);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, address, sizeof name.sun_path - 1);
  if (address[0] == '@') name.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(address));
  if (::sendto(fd, text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&name), size) < 0) ::exit(96);
  ::close(fd);
}

[[noreturn]] void wait_for_ever() {
  for (;;) ::pause();
}

// The parent stays to be stopped; its child goes on.
void go_on_in_a_child() {
  if (::fork() != 0) wait_for_ever();
}

void go_on_as_an_orphan() {
  if (::fork() != 0) wait_for_ever();
  const pid_t parent = ::getpid();
  if (::fork() != 0) ::_exit(0);
  while (::getppid() == parent) ::usleep(1000);
}

void on_signal(int signal, void (*handler)(int)) {
  struct sigaction how{};
  how.sa_handler = handler;
  how.sa_flags = SA_RESTART;
  ::sigaction(signal, &how, nullptr);
}

void report(int signal) {
  char line[4] = {static_cast<char>('0' + signal / 10), static_cast<char>('0' + signal % 10), '\n'};
  [[maybe_unused]] const auto written = ::write(report_file, line, 3);
}

std::string with_nuls(std::string text) {
  for (auto at = text.find("\\0"); at != std::string::npos; at = text.find("\\0")) text.replace(at, 2, 1, '\0');
  return text;
}

struct arguments {
  char** next;
  const char* take() { return *next == nullptr ? (::exit(95), "") : *next++; }
  int number() { return std::atoi(take()); }
};

void do_one(const std::string& verb, arguments& rest) {
  if (verb == "say") {
    if (libsystemd<int(int, const char*)>("sd_notify")(0, rest.take()) <= 0) ::exit(94);
  } else if (verb == "barrier") {
    if (libsystemd<int(int, std::uint64_t)>("sd_notify_barrier")(0, 60'000'000) <= 0) ::exit(93);
  } else if (verb == "send") {
    send_by_hand(with_nuls(rest.take()));
  } else if (verb == "flood") {
    send_by_hand("STATUS=" + std::string(static_cast<std::size_t>(rest.number()), 'x'));
  } else if (verb == "child") {
    go_on_in_a_child();
  } else if (verb == "session") {
    go_on_in_a_child();
    ::setsid();
  } else if (verb == "orphan") {
    go_on_as_an_orphan();
  } else if (verb == "ignore") {
    ::signal(rest.number(), SIG_IGN);
  } else if (verb == "on") {
    const int signal = rest.number();
    report_file = ::open(rest.take(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    on_signal(signal, report);
  } else if (verb == "exit_on") {
    const int signal = rest.number();
    exit_code = rest.number();
    on_signal(signal, [](int) { ::_exit(exit_code); });
  } else if (verb == "write") {
    const char* file = rest.take();
    write_to(file, rest.take());
  } else if (verb == "variable") {
    const char* value = std::getenv(rest.take());
    write_to(rest.take(), value == nullptr ? "(none)" : value);
  } else if (verb == "parent_death") {
    int signal = 0;
    ::prctl(PR_GET_PDEATHSIG, &signal);
    write_to(rest.take(), std::to_string(signal));
  } else if (verb == "until") {
    const char* file = rest.take();
    for (struct stat found{}; ::stat(file, &found) != 0;) ::usleep(1000);
  } else if (verb == "hold" || verb == "await") {
    sigset_t one;
    ::sigemptyset(&one);
    ::sigaddset(&one, rest.number());
    int got = 0;
    if (verb == "hold") ::sigprocmask(SIG_BLOCK, &one, nullptr);
    if (verb == "await") ::sigwait(&one, &got);
  } else if (verb == "sleep") {
    ::usleep(static_cast<useconds_t>(rest.number()) * 1000);
  } else if (verb == "exit") {
    ::exit(rest.number());
  } else if (verb == "wait") {
    wait_for_ever();
  } else {
    std::fprintf(stderr, "program_child: what is '%s'?\n", verb.c_str());
    ::exit(2);
  }
}

}  // namespace

int main(int, char** argv) {
  arguments rest{argv + 1};
  while (*rest.next != nullptr) do_one(rest.take(), rest);
}
