// Purpose: finds vertices by name in a few bytes each: a hash table of ids, the names being the vertices' own.
// Caller: Graph, GraphBuilder. Thread rule: as standard containers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace settle {

class NameIndex {
 public:
  // `items[id].name` is what id is called. Requires: the same items, possibly with more at the end, in every call.
  template <class Item>
  std::optional<std::uint32_t> find(std::string_view name, std::span<const Item> items) const {
    if (slots_.empty()) return std::nullopt;
    for (std::size_t at = hash(name);; ++at) {
      const std::uint32_t id = slots_[at & (slots_.size() - 1)];
      if (id == kNone) return std::nullopt;
      if (items[id].name == name) return id;
    }
  }

  // Requires: no item of that name is in.
  template <class Item>
  void insert(std::uint32_t id, std::span<const Item> items) {
    if (2 * (count_ + 1) > slots_.size()) {
      std::vector<std::uint32_t> before(slots_.empty() ? 16 : 2 * slots_.size(), kNone);
      before.swap(slots_);
      for (const std::uint32_t each : before)
        if (each != kNone) put(each, items[each].name);
    }
    put(id, items[id].name);
    ++count_;
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  static std::size_t hash(std::string_view name) { return std::hash<std::string_view>()(name); }
  void put(std::uint32_t id, std::string_view name) {
    std::size_t at = hash(name);
    while (slots_[at & (slots_.size() - 1)] != kNone) ++at;
    slots_[at & (slots_.size() - 1)] = id;
  }

  std::vector<std::uint32_t> slots_;  // a power of two, at most half of them in use
  std::size_t count_ = 0;
};

}  // namespace settle
