#include "lineshaft/cache.hpp"

namespace lineshaft {

cache_batch& cache_batch::set(std::string key, std::string value, time_to_live life) {
  commands_.emplace_back(cache_write::set{std::move(key), std::move(value), life});
  return *this;
}

cache_batch& cache_batch::push(std::string key, std::string value, std::size_t cap, time_to_live life) {
  auto& added = std::get<cache_write::push>(commands_.emplace_back(cache_write::push{std::move(key), {}, cap, life}));
  added.values.push_back(std::move(value));
  return *this;
}

cache_batch& cache_batch::push_all(std::string key, std::vector<std::string> values, std::size_t cap,
                                   time_to_live life) {
  commands_.emplace_back(cache_write::push{std::move(key), std::move(values), cap, life});
  return *this;
}

cache_batch& cache_batch::set_fields(std::string key, std::vector<cache_field> fields, time_to_live life) {
  commands_.emplace_back(cache_write::set_fields{std::move(key), std::move(fields), life});
  return *this;
}

cache_batch& cache_batch::add_scores(std::string key, std::vector<cache_score> scores, time_to_live life) {
  commands_.emplace_back(cache_write::add_scores{std::move(key), std::move(scores), life});
  return *this;
}

cache_batch& cache_batch::trim(std::string key, std::size_t best) {
  commands_.emplace_back(cache_write::trim{std::move(key), best});
  return *this;
}

cache_batch& cache_batch::remove(std::string key) {
  commands_.emplace_back(cache_write::remove{std::move(key)});
  return *this;
}

cache::awaitable<result<>> cache::set(std::string key, std::string value, time_to_live life) {
  cache_batch batch;
  batch.set(std::move(key), std::move(value), life);
  co_return co_await apply(batch);
}

cache::awaitable<result<>> cache::remove(std::string key) {
  cache_batch batch;
  batch.remove(std::move(key));
  co_return co_await apply(batch);
}

}  // namespace lineshaft
