// Purpose: the element types of ONNX tensors, numbered as ONNX numbers them (TensorProto.DataType, the attribute `to`
// of Cast). Values are kept in double whatever the type: exact for all types but integers beyond 2^53.
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <string>

namespace settle::onnx {

enum class ElementType : std::int32_t {
  undefined = 0,
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  uint16 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  string = 8,
  boolean = 9,
  float16 = 10,
  float64 = 11,
  uint32 = 12,
  uint64 = 13,
  complex64 = 14,
  complex128 = 15,
  bfloat16 = 16,
};

// The type of that number; `undefined` for a number that has none.
ElementType element_type(std::int64_t number);
std::string name_of(ElementType type);  // "float32"

bool is_floating(ElementType type);
bool is_integer(ElementType type);
// What a tensor here may hold: neither text nor complex numbers.
bool is_numeric(ElementType type);

}  // namespace settle::onnx
