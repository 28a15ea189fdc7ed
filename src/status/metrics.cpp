#include "lineshaft/metrics.hpp"

#include "status/block_writer.hpp"

namespace lineshaft {

using status::fixed;

worker_metrics::worker_metrics(status::block_writer& block)
    : processed(block.counter_at(fixed::processed)),
      errors(block.counter_at(fixed::errors)),
      decoding_errors(block.counter_at(fixed::decoding_errors)),
      published(block.counter_at(fixed::published)),
      processing_errors(block.counter_at(fixed::processing_errors)),
      restarts(block.counter_at(fixed::restarts)),
      mdq_connected(block.flag_at(fixed::mdq_connected)),
      mdc_connected(block.flag_at(fixed::mdc_connected)),
      block_(&block) {}

counter& worker_metrics::add_counter(std::string_view name, std::string_view help) {
  return block_->declare_counter(name, help);
}
gauge& worker_metrics::add_gauge(std::string_view name, std::string_view help) {
  return block_->declare_gauge(name, help);
}
flag& worker_metrics::add_flag(std::string_view name, std::string_view help) {
  return block_->declare_flag(name, help);
}

}  // namespace lineshaft
