// Purpose: what an operator's handler sees of a node: its inputs as Values, attributes with their defaults, and the
// operator set's version. Every question that the model does not answer is an error which the importer completes with
// the node's name, operator and version.
// Caller: graph/onnx/ops. Thread rule: one owner; lives as long as the call of the handler.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/onnx/model.hpp"
#include "graph/onnx/value.hpp"

namespace settle::onnx {

// The elements of an expression of constants, initialisers, and graph inputs whose data the caller has given; nothing
// where it depends on other data.
using KnownElements = std::function<std::optional<Tensor<double>>(const ExpressionPtr&)>;

// Makes a float tensor within an operator what the operator's outputs are: a vertex of that name, prefixed by the
// node's, where it depends on data.
using InnerTensor = std::function<ExpressionPtr(const std::string& name, const ExpressionPtr&)>;

class NodeView {
 public:
  // `inputs`: null where one is left out; `wanted`: a flag per output. All must outlive the view.
  NodeView(const NodeSpec& node, std::int64_t opset, std::vector<const Value*> inputs, std::vector<char> wanted,
           const KnownElements& known, const InnerTensor& inner)
      : node_(node),
        opset_(opset),
        inputs_(std::move(inputs)),
        wanted_(std::move(wanted)),
        known_(known),
        inner_(inner) {}

  const std::string& op() const { return node_.op; }
  std::int64_t opset() const { return opset_; }

  // --- inputs: an optional one may be left out, at the end of the list or by an empty name -------------------------
  std::size_t input_count() const { return inputs_.size(); }
  bool has(std::size_t k) const { return k < inputs_.size() && inputs_[k] != nullptr; }
  // Errors: BadConfig where it is left out.
  const Value& input(std::size_t k) const;
  const ExpressionPtr& operator[](std::size_t k) const { return input(k).expression; }
  const Shape& shape(std::size_t k) const { return input(k).shape(); }
  std::size_t rank(std::size_t k) const { return shape(k).rank(); }
  // All of them. Errors: BadConfig where one is left out.
  std::vector<ExpressionPtr> all() const;

  // The input's elements, for what decides shapes or options. An initialiser asked for so is not trained by this use.
  // Errors: Unsupported where they depend on data that are not known.
  Tensor<double> elements(std::size_t k) const;
  std::vector<std::int64_t> integers(std::size_t k) const;
  double number(std::size_t k) const;  // of an input of one element
  // The same, or nothing where it is not known.
  std::optional<double> known_number(std::size_t k) const;
  std::int64_t integer(std::size_t k) const;
  // The input as a constant where its elements are known, else as it is: for statistics, which are not trained.
  ExpressionPtr frozen(std::size_t k) const;

  // --- outputs ------------------------------------------------------------------------------------------------------
  std::size_t output_count() const { return node_.outputs.size(); }
  // Somebody uses that output.
  bool wants(std::size_t k) const { return k < wanted_.size() && wanted_[k] != 0; }

  // A tensor within the operator, such as a gate of a recurrent cell, as what is computed from it sees it.
  ExpressionPtr inner(const std::string& name, const ExpressionPtr& tensor) const { return inner_(name, tensor); }

  // --- attributes ---------------------------------------------------------------------------------------------------
  // Errors: BadConfig where the attribute is of another kind.
  bool has_attribute(std::string_view name) const { return attribute(name) != nullptr; }
  std::int64_t integer(std::string_view name, std::int64_t fallback) const;
  double number(std::string_view name, double fallback) const;
  std::string text(std::string_view name, const std::string& fallback) const;
  std::vector<std::int64_t> integers(std::string_view name) const;  // empty where it is not given
  std::vector<double> numbers(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  std::optional<Literal> literal(std::string_view name) const;
  bool flag(std::string_view name, bool fallback) const { return integer(name, fallback ? 1 : 0) != 0; }
  std::int64_t required_integer(std::string_view name) const;

  // A list that is an attribute before opset `since` and input k from then on; nothing where it is not given.
  std::optional<std::vector<std::int64_t>> list(std::string_view name, std::size_t k, std::int64_t since) const;

  // --- axes ---------------------------------------------------------------------------------------------------------
  // An axis that counts from 0 or, negative, from the end of `rank` axes: from the end, as this project's operators
  // count (-1 the last). Errors: BadConfig where there is no such axis.
  std::int64_t axis_from_end(std::int64_t axis, std::size_t rank) const;
  std::vector<std::int64_t> axes_from_end(const std::vector<std::int64_t>& axes, std::size_t rank) const;

  // --- errors -------------------------------------------------------------------------------------------------------
  [[noreturn]] void unsupported(const std::string& what) const;  // ONNX allows it, this importer has it not
  [[noreturn]] void invalid(const std::string& what) const;      // ONNX does not allow it

 private:
  const Attribute* attribute(std::string_view name) const;
  template <class Kind>
  const Kind* attribute_of(std::string_view name, const char* kind) const;

  const NodeSpec& node_;
  std::int64_t opset_;
  std::vector<const Value*> inputs_;
  std::vector<char> wanted_;
  const KnownElements& known_;
  const InnerTensor& inner_;
};

// A number that stands for an integer; beyond 64 bits the nearest one that fits.
std::int64_t rounded_integer(double x);

}  // namespace settle::onnx
