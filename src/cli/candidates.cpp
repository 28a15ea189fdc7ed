#include "cli/candidates.hpp"

#include <algorithm>
#include <span>

namespace lineshaft::cli {
namespace {

class reader {
 public:
  reader(const std::vector<verb>& verbs, const std::vector<option>& common) : verbs_(verbs), common_(common) {}

  void read(const std::string& word) {
    if (rest_) return;
    if (const auto* expects = std::exchange(pending_, nullptr)) return take(*expects, word);
    if (word == "--") {
      rest_ = true;
    } else if (word.starts_with('-')) {
      read_option(word);
    } else if (verb_ == nullptr) {
      verb_ = find(verbs_, [&](const verb& one) { return one.name == word; });
    } else {
      ++operands_;
    }
  }

  candidates at(const std::string& word, const std::function<std::vector<std::string>()>& workers) const {
    if (!rest_ && pending_ != nullptr) return of(pending_->with, pending_->words, workers);
    if (!rest_ && word.starts_with('-')) return options();
    if (verb_ == nullptr) return rest_ ? candidates() : verbs();
    const auto* here = operand_here();
    if (here == nullptr) return {};
    return here->rest ? candidates{{}, true} : of(here->with, here->words, workers);
  }

 private:
  template <class T, class Is>
  static const T* find(const std::vector<T>& in, Is is) {
    const auto at = std::ranges::find_if(in, is);
    return at == in.end() ? nullptr : &*at;
  }

  void read_option(const std::string& word) {
    const auto name = word.substr(0, word.find('='));
    const auto is = [&](const option& one) { return one.name == name || (!one.brief.empty() && one.brief == name); };
    // What a verb calls -f is not the common -f.
    const auto* known = verb_ == nullptr ? nullptr : find(verb_->options, is);
    if (known == nullptr) known = find(common_, is);
    if (known == nullptr || known->value.empty()) return;
    if (name.size() < word.size()) return take(*known, word.substr(name.size() + 1));
    pending_ = known;
  }

  // Those of a verb say nothing about what may follow.
  void take(const option& one, const std::string& value) {
    if (find(common_, [&](const option& each) { return &each == &one; }) != nullptr) one.take(value);
  }

  candidates verbs() const {
    candidates all;
    for (const auto& one : verbs_) {
      if (!one.hidden) all.words.push_back({one.name, one.summary});
    }
    return all;
  }

  candidates options() const {
    candidates all;
    const auto add = [&](const std::vector<option>& from) {
      for (const auto& one : from) all.words.push_back({one.name, one.doc});
    };
    if (verb_ != nullptr) add(verb_->options);
    add(common_);
    all.words.push_back({"--help", "What it does, and what it takes."});
    return all;
  }

  // The last one may stand there any number of times, if it says so.
  const operand* operand_here() const {
    std::size_t left = rest_ ? verb_->operands.size() : operands_;
    for (const auto& one : verb_->operands) {
      if (one.rest || one.most == 0 || left < one.most) {
        if (!rest_ || one.rest) return &one;
      }
      left -= std::min(left, one.most);
    }
    return nullptr;
  }

  static candidates of(completes with, const std::vector<std::string>& words,
                       const std::function<std::vector<std::string>()>& workers) {
    candidates all{{}, with == completes::files};
    for (const auto& one : words) all.words.push_back({one, ""});
    if (with == completes::workers) {
      for (const auto& one : workers()) all.words.push_back({one, ""});
    }
    return all;
  }

  const std::vector<verb>& verbs_;
  const std::vector<option>& common_;
  const verb* verb_ = nullptr;
  const option* pending_ = nullptr;  ///< whose value comes next
  std::size_t operands_ = 0;
  bool rest_ = false;  ///< after "--"
};

}  // namespace

candidates candidates_for(const std::vector<verb>& verbs, const std::vector<option>& common,
                          const std::vector<std::string>& typed,
                          const std::function<std::vector<std::string>()>& workers) {
  reader read(verbs, common);
  const auto last = typed.empty() ? std::string() : typed.back();
  for (std::size_t at = 0; at + 1 < typed.size(); ++at) read.read(typed[at]);
  auto all = read.at(last, workers);
  std::erase_if(all.words, [&](const candidate& one) { return !one.word.starts_with(last); });
  return all;
}

}  // namespace lineshaft::cli
