#include "supervisor/directory.hpp"

#include "status/block_reader.hpp"

namespace lineshaft::supervisor {

void directory::publish(const std::string& name, view what) {
  const std::scoped_lock lock(mutex_);
  views_.insert_or_assign(name, std::move(what));
}

void directory::remove(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  views_.erase(name);
}

directory::view directory::find(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = views_.find(name);
  return found == views_.end() ? nullptr : found->second;
}

std::vector<directory::view> directory::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<view> all;
  all.reserve(views_.size());
  for (const auto& [name, view] : views_) all.push_back(view);
  return all;
}

}  // namespace lineshaft::supervisor
