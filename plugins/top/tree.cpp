#include "top/tree.hpp"

#include <map>

namespace lineshaft::top {
namespace {

class grower {
 public:
  explicit grower(const std::vector<const row*>& shown) {
    for (const auto* one : shown) {
      auto& first = first_of_[one->family];
      if (first == nullptr || one->name < first->name) first = one;
    }
    for (const auto* one : shown) below_[above(*one)].push_back(one);
  }

  std::vector<branch> grow() {
    for (const auto* one : below_[nullptr]) add(*one, "", "");
    return std::move(lines_);
  }

 private:
  /// What it stands below; null: nothing.
  const row* above(const row& one) const {
    for (const auto& family : one.after) {
      const auto found = first_of_.find(family);
      if (found != first_of_.end() && family != one.family) return found->second;
    }
    return nullptr;
  }

  void add(const row& one, const std::string& stem, const std::string& indent) {
    lines_.push_back({&one, stem});
    const auto found = below_.find(&one);
    if (found == below_.end()) return;
    for (const auto* other : found->second) {
      const bool last = other == found->second.back();
      add(*other, indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "));
    }
  }

  std::map<std::string, const row*> first_of_;  ///< of each family
  std::map<const row*, std::vector<const row*>> below_;
  std::vector<branch> lines_;
};

}  // namespace

std::vector<branch> branches_of(const std::vector<const row*>& shown) { return grower(shown).grow(); }

}  // namespace lineshaft::top
