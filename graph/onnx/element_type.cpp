#include "graph/onnx/element_type.hpp"

#include <array>

namespace settle::onnx {
namespace {

enum class Class { none, floating, integer, boolean };

struct Entry {
  const char* name;
  Class kind;
};

constexpr std::array<Entry, 17> kTypes = {{
    {"undefined", Class::none},
    {"float32", Class::floating},
    {"uint8", Class::integer},
    {"int8", Class::integer},
    {"uint16", Class::integer},
    {"int16", Class::integer},
    {"int32", Class::integer},
    {"int64", Class::integer},
    {"string", Class::none},
    {"bool", Class::boolean},
    {"float16", Class::floating},
    {"float64", Class::floating},
    {"uint32", Class::integer},
    {"uint64", Class::integer},
    {"complex64", Class::none},
    {"complex128", Class::none},
    {"bfloat16", Class::floating},
}};

const Entry& entry(ElementType type) { return kTypes[static_cast<std::size_t>(type)]; }

}  // namespace

ElementType element_type(std::int64_t number) {
  if (number < 0 || number >= static_cast<std::int64_t>(kTypes.size())) return ElementType::undefined;
  return static_cast<ElementType>(number);
}

std::string name_of(ElementType type) { return entry(type).name; }
bool is_floating(ElementType type) { return entry(type).kind == Class::floating; }
bool is_integer(ElementType type) { return entry(type).kind == Class::integer; }
bool is_numeric(ElementType type) { return entry(type).kind != Class::none; }

}  // namespace settle::onnx
