// The handles of what a function keeps for its task (task_states.hpp). They are bound
// like states of a key, and may be used at any time: no key is needed.
#pragma once

#include "serialization/holds_text.hpp"
#include "serialization/record_codec.hpp"
#include "state/task_states.hpp"

#include <iterator>
#include <map>
#include <ranges>

namespace weir {

namespace detail {

/// A vector or a map.
template <class Container>
class kept_container final : public kept_for_task {
  static_assert(!holds_text<Container>,
                "a weir::text in a state would outlive what it points to; "
                "keep a std::string");

public:
  std::size_t encoded_size() const override {
    return record_codec<Container>::size(content);
  }
  void encode(std::byte* out) const override {
    record_codec<Container>::encode(content, out);
  }
  void take(byte_reader& saved) override {
    Container more;
    record_codec<Container>::decode_into(more, saved);
    if (!saved.at_end())
      byte_reader::malformed("a state of a task is longer than its type");
    if constexpr (requires { typename Container::mapped_type; })
      content.merge(more);
    else
      content.insert(content.end(), std::make_move_iterator(more.begin()),
                     std::make_move_iterator(more.end()));
  }
  void clear() override { content.clear(); }
  void divide(std::uint32_t subtask, std::uint32_t parallelism) override {
    if constexpr (!requires { typename Container::mapped_type; }) {
      const auto bound = [&](std::size_t i) {
        return content.begin() +
               static_cast<std::ptrdiff_t>(content.size() * i / parallelism);
      };
      content = Container(std::make_move_iterator(bound(subtask)),
                          std::make_move_iterator(bound(std::size_t{subtask} + 1)));
    }
  }

  Container content;
};

} // namespace detail

/// A list of the task's, in the order in which it grew.
template <record T>
class task_list {
public:
  explicit task_list(std::vector<T>& content) : content_(&content) {}

  bool empty() const noexcept { return content_->empty(); }
  std::size_t size() const noexcept { return content_->size(); }
  const T& operator[](std::size_t i) const { return (*content_)[i]; }
  /// Until the list is written.
  auto begin() const noexcept { return content_->cbegin(); }
  auto end() const noexcept { return content_->cend(); }

  void add(T element) { content_->push_back(std::move(element)); }
  /// These instead of what there was.
  template <std::ranges::input_range Range>
  requires std::convertible_to<std::ranges::range_reference_t<Range>, T>
  void assign(Range&& elements) {
    std::vector<T> fresh;
    for (auto&& each : elements)
      fresh.push_back(std::forward<decltype(each)>(each));
    *content_ = std::move(fresh);
  }
  /// All of them; none is left.
  std::vector<T> take() { return std::exchange(*content_, {}); }
  void clear() { content_->clear(); }

private:
  std::vector<T>* content_;
};

/// A map of which every task has a copy, in the order of its keys: what comes along a
/// broadcast stream is put into it by every task, in the same order.
template <record K, record V>
class broadcast_map {
public:
  explicit broadcast_map(std::map<K, V>& content) : content_(&content) {}

  bool empty() const noexcept { return content_->empty(); }
  std::size_t size() const noexcept { return content_->size(); }
  bool contains(const K& key) const { return content_->contains(key); }
  /// Null if there is none.
  const V* find(const K& key) const {
    const auto found = content_->find(key);
    return found != content_->end() ? &found->second : nullptr;
  }
  V value_or(const K& key, V fallback) const {
    const V* const found = find(key);
    return found != nullptr ? *found : std::move(fallback);
  }
  auto begin() const noexcept { return content_->cbegin(); }
  auto end() const noexcept { return content_->cend(); }

  void put(const K& key, V value) { content_->insert_or_assign(key, std::move(value)); }
  /// To be changed in place; as its type makes it if there was none.
  V& edit(const K& key) { return (*content_)[key]; }
  bool erase(const K& key) { return content_->erase(key) > 0; }
  void clear() { content_->clear(); }

private:
  std::map<K, V>* content_;
};

} // namespace weir
