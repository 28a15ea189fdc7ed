// [pipeline] and [group.NAME].
#include "config/pipeline_keys.hpp"

#include "base/names.hpp"
#include "config/words.hpp"

namespace lineshaft::config {
namespace {

// The name is part of paths, labels and addresses.
struct name {
  using type = std::string;
  static reading<type> parse(const value& from) {
    const auto* given = from.as<std::string>();
    if (given == nullptr) return form::wrong_type();
    if (!check_name(*given)) return std::unexpected("cannot be a name");
    return *given;
  }
  static std::string expected() { return "1 to 64 letters, digits, '.', '_' and '-', a letter or a digit first,"; }
  static std::string write(const type& shown) { return form::text::write(shown); }
  static boost::json::object schema() { return text_schema("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"); }
};

}  // namespace

const keys<pipeline_file>& pipeline_keys() {
  static const keys<pipeline_file> all = [] {
    using spec = pipeline_spec;
    auto made = lift(
        keys<spec>{
            make_key<name>("name", &spec::name, "What it is called: part of paths and labels."),
            make_key<form::duration>("stop_timeout", &spec::stop_timeout, "One budget for a stop of everything."),
            make_key<form::variables>("env", &spec::env, "Environment variables of every worker; its own win.")},
        &pipeline_file::pipeline);
    made.push_back(
        make_key<form::text>("run_dir", &pipeline_file::run_dir,
                             "Where the socket and the lock are. Without: $XDG_RUNTIME_DIR/lineshaft/NAME, as "
                             "root and as a service of systemd /run/lineshaft/NAME, else /tmp/lineshaft-UID/NAME."));
    std::ranges::move(lift(keys<manager_options>{make_key<form::text>(
                               "log_dir", &manager_options::log_dir,
                               "Where the output of workers is kept, a file each; without: it is inherited.")},
                           &pipeline_file::manager),
                      std::back_inserter(made));
    return made;
  }();
  return all;
}

const keys<group_spec>& group_keys() {
  static const keys<group_spec> all{
      make_key<form::one_of<words::strategies>>("strategy", &group_spec::strategy,
                                                "Who is started again when one of the group is: it alone, all, or it "
                                                "and those declared after it."),
      make_key<form::restart_limit>("restart_limit", &group_spec::limit,
                                    "Restarts of all members together; beyond it the whole group has failed."),
      make_key<form::boolean>("essential", &group_spec::essential, "If it fails, the whole pipeline stops."),
  };
  return all;
}

}  // namespace lineshaft::config
