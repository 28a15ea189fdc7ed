#include "top/application.hpp"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <format>
#include <ftxui/component/component.hpp>
#include <ftxui/component/event.hpp>
#include <ftxui/screen/terminal.hpp>

#include "top/members.hpp"
#include "top/usage.hpp"

namespace lineshaft::top {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr std::size_t kept_events = 50;
// /proc is read more rarely than the manager is asked: a share of CPU needs a span to be one of.
constexpr auto between_measurements = 1s;
constexpr auto before_the_next_try = 1s;
constexpr std::size_t room_for_a_status = 64 * 1024;

std::string event_line(const json::object& event) {
  const auto time = text(event, "time");
  const auto clock = time.size() >= 19 ? time.substr(11, 8) : time;
  const auto cause = text(event, "cause");
  const auto what = text(event, "event");
  const auto said = cause.starts_with(what + " ") ? cause : cause.empty() ? what : what + ": " + cause;
  return std::format("{} {} {}", clock, text(event, "worker"), said);
}

std::optional<pressed> pressed_by(const ftxui::Event& event) {
  using ftxui::Event;
  if (event == Event::ArrowUp) return pressed{key::up};
  if (event == Event::ArrowDown) return pressed{key::down};
  if (event == Event::PageUp) return pressed{key::page_up};
  if (event == Event::PageDown) return pressed{key::page_down};
  if (event == Event::Return) return pressed{key::enter};
  if (event == Event::Escape) return pressed{key::escape};
  if (event == Event::Backspace) return pressed{key::backspace};
  if (event.is_character()) return pressed{key::character, event.character()};
  return std::nullopt;
}

}  // namespace

application::application(const cli::top_host& host) : host_(host), screen_(ftxui::ScreenInteractive::Fullscreen()) {
  around_.coloured = host.coloured;
  // What is on the screen can be marked and copied with the mouse, as in a shell.
  screen_.TrackMouse(false);
}

int application::run() {
  auto drawn = ftxui::Renderer([this] { return draw(model_, around_, ftxui::Terminal::Size()); });
  auto shown = ftxui::CatchEvent(drawn, [this](const ftxui::Event& event) { return handle(event); });
  looking_ = std::jthread([this](const std::stop_token& stop) { look(stop); });
  listening_ = std::jthread([this](const std::stop_token& stop) { listen(stop); });
  sending_ = std::jthread([this](const std::stop_token& stop) { send_commands(stop); });
  screen_.Loop(shown);
  return 0;
}

bool application::handle(const ftxui::Event& event) {
  const auto what = pressed_by(event);
  if (!what) return false;
  auto done = keyboard_.press(*what, model_, around_);
  if (done.send) send(std::move(*done.send));
  {
    const std::lock_guard lock(mutex_);
    const auto* worker = around_.at == page::details ? model_.selected() : nullptr;
    auto name = worker == nullptr ? std::string() : worker->name;
    if (name != details_of_) {
      around_.lines.clear();
      around_.exits.clear();
      details_of_ = std::move(name);
    }
  }
  changed_.notify_all();
  if (done.wants == leave::yes) screen_.Exit();
  return true;
}

void application::send(command what) {
  around_.message = what.said + " …";
  const std::lock_guard lock(mutex_);
  commands_.push_back(std::move(what));
}

bool application::pause(const std::stop_token& stop, std::chrono::milliseconds span) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, span, [] { return false; });
  return stop.stop_requested();
}

void application::look(const std::stop_token& stop) {
  const auto manager = host_.connect();
  auto measured = time_point();
  do {
    // Memory of its own: in a shared one each of several thousand values counts itself, and is taken apart.
    auto memory = std::make_shared<json::monotonic_resource>(room_for_a_status);
    auto status = manager->ask("GET", "/v1/status", nullptr, memory.get());
    const auto now = std::chrono::steady_clock::now();
    std::optional<std::map<std::int64_t, usage>> used;
    std::string details;
    {
      std::unique_lock lock(mutex_);
      details = details_of_;
      if (now - measured >= between_measurements) {
        const auto pids = pids_;
        lock.unlock();
        used = usage_of(pids);
        measured = now;
      }
    }
    screen_.Post([this, now, memory = std::move(memory), status = std::move(status), used = std::move(used)]() mutable {
      if (status && status->is_object()) {
        model_.saw(std::move(status->get_object()), now, std::move(memory));
      } else if (!status) {
        model_.lost(status.error());
      }
      if (used) model_.measured(*used, now);
      const std::lock_guard lock(mutex_);
      pids_ = model_.pids();
    });
    if (!details.empty()) look_at_details(*manager, details);
    screen_.PostEvent(ftxui::Event::Custom);
  } while (!pause(stop, host_.interval));
}

void application::look_at_details(cli::top_connection& manager, const std::string& name) {
  const auto exits = manager.ask("GET", "/v1/workers/" + name + "/exits");
  const auto lines = manager.ask("GET", "/v1/logs?follow=false&workers=" + name);
  if (!exits || !lines) return;
  std::vector<json::object> records;
  for (const auto& one : exits->at("exits").as_array()) records.push_back(one.as_object());
  std::deque<std::string> printed;
  for (const auto& one : lines->at("lines").as_array()) printed.push_back(text(one.as_object(), "line"));
  screen_.Post([this, name, records = std::move(records), printed = std::move(printed)] {
    {
      const std::lock_guard lock(mutex_);
      if (name != details_of_) return;
    }
    around_.exits = records;
    around_.lines = printed;
  });
}

void application::listen(const std::stop_token& stop) {
  std::int64_t last = 0;
  do {
    const auto manager = host_.connect();
    manager->follow(
        std::format("/v1/events?since={}", last),
        [&](const json::object& event) {
          last = number(event, "seq").value_or(last);
          screen_.Post([this, line = event_line(event)] {
            around_.events.push_back(line);
            if (around_.events.size() > kept_events) around_.events.pop_front();
          });
          return true;
        },
        stop);
  } while (!pause(stop, before_the_next_try));
}

void application::send_commands(const std::stop_token& stop) {
  const auto manager = host_.connect();
  for (;;) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return !commands_.empty(); })) return;
    const auto next = std::move(commands_.front());
    commands_.pop_front();
    lock.unlock();
    const auto answer = manager->ask(next.method, next.target, next.body);
    screen_.Post(
        [this, said = answer ? next.said + ": done" : next.said + ": " + answer.error()] { around_.message = said; });
    screen_.PostEvent(ftxui::Event::Custom);
  }
}

}  // namespace lineshaft::top
