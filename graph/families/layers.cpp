#include "graph/families/layers.hpp"

#include <algorithm>

#include "graph/error.hpp"
#include "graph/suggest.hpp"

namespace settle::families {
namespace {

using Kind = Layer::Kind;

// Reads one item behind the first.
class ItemReader {
 public:
  ItemReader(const FamilyOptions& options, const std::string& item)
      : options_(&options), item_(item), words_(words_of(item)) {}

  Layer run() {
    layer_.written = item_;
    layer_.activation = options_->activation;
    if (words_.empty()) refuse("an item is empty");
    if (words_[0].find_first_not_of("0123456789") == std::string::npos) {
      layer_.units = units(0);
      at_ = 1;
    } else {
      layer_.kind = kind();
      at_ = 1;
      if (!pools()) layer_.units = units(at_++);
      if (layer_.kind == Kind::conv || pools() || next_is_kernel()) layer_.kernel = kernel(at_++);
    }
    while (at_ < words_.size()) modifier();
    return layer_;
  }

 private:
  bool pools() const { return layer_.kind == Kind::max_pool || layer_.kind == Kind::average_pool; }
  bool next_is_kernel() const { return at_ < words_.size() && !extents_of(words_[at_]).empty(); }

  [[noreturn]] void refuse(const std::string& message) const {
    refuse_layers(*options_, item_.empty() ? message : "'" + item_ + "': " + message);
  }

  Kind kind() const {
    static const std::vector<std::pair<std::string, Kind>> kinds = {
        {"conv", Kind::conv}, {"maxpool", Kind::max_pool}, {"avgpool", Kind::average_pool}, {"block", Kind::block}};
    std::vector<std::string> names;
    for (const auto& [name, kind] : kinds) {
      if (name == words_[0]) return kind;
      names.push_back(name);
    }
    const auto nearest = nearest_word(words_[0], names);
    refuse("there is no such layer" +
           (nearest ? ", did you mean '" + *nearest + "'?" : "; it is a number of units, " + joined(names, ", ")));
  }

  std::int64_t units(std::size_t at) const {
    const std::int64_t count = at < words_.size() ? count_of(words_[at]) : 0;
    if (count == 0) refuse("a layer has at least 1 unit, as in 'conv 6 5' or '300'");
    return count;
  }

  std::vector<std::int64_t> kernel(std::size_t at) const {
    const auto extents = at < words_.size() ? extents_of(words_[at]) : std::vector<std::int64_t>();
    if (extents.empty()) refuse("the extent of the kernel is missing, as in 'conv 6 5', 'conv 6 3x5' or 'maxpool 2'");
    return extents;
  }

  void modifier() {
    const std::string& word = words_[at_];
    const std::string value = at_ + 1 < words_.size() ? words_[at_ + 1] : "";
    const bool strides = word == "stride" && layer_.kind != Kind::linear;
    const bool pads = word == "pad" && layer_.kind == Kind::conv;
    if (strides || pads) {
      if (count_of(value) == 0 && !(pads && value == "same"))
        refuse("'" + word + "' needs a number" + (pads ? ", or same" : ""));
      (strides ? layer_.stride : layer_.pad) = ", " + word + "=" + value;
      at_ += 2;
    } else if (pools() || at_ + 1 < words_.size()) {
      refuse("'" + word + "' has no meaning here");
    } else {
      check_activation("layers: '" + item_ + "'", word);
      layer_.activation = word;
      ++at_;
    }
  }

  const FamilyOptions* options_;
  std::string item_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
  Layer layer_;
};

// Writes layer upon layer.
class Writer {
 public:
  Writer(const FamilyOptions& options, const LayerList& list)
      : options_(&options), list_(&list), below_("x"), spatial_(list.sample.size() > 1), units_(list.sample.front()) {
    width_ = std::to_string(list.layers.size() - 1).size() + (list.layers.size() > 1 ? 1 : 0);
    bias_ = options.bias ? "" : ", bias=0";
  }

  std::string run() {
    line("x", "input(" + joined(list_->sample, ", ") + ")");
    for (std::size_t i = 0; i + 1 < list_->layers.size(); ++i) hidden(list_->layers[i], std::to_string(i + 1));
    line("y", options_->output + "(" + linear(list_->layers.back().units) + ")");
    return text_;
  }

 private:
  void line(std::string name, const std::string& right) {
    name.resize(std::max(width_, name.size()), ' ');
    text_ += name + " ~ " + right + "\n";
  }

  void hidden(const Layer& layer, const std::string& number) {
    if (layer.kind == Kind::block) return block(layer, number);
    const auto activated = [&](const std::string& mean) { return layer.activation + "(" + mean + ")"; };
    std::string mean;
    if (layer.kind == Kind::linear)
      mean = activated(linear(layer.units));
    else if (layer.kind == Kind::conv)
      mean = activated(conv(layer, below_, layer.stride + layer.pad + bias_));
    else
      mean = (layer.kind == Kind::max_pool ? "max_pool(" : "average_pool(") + below_ + ", " +
             joined(layer.kernel, ", ") + layer.stride + ")";
    if (layer.kind != Kind::linear) require_axes(layer);
    line("h" + number, "normal(" + mean + tiles(layer) + ")");
    follow(layer, number);
  }

  // ", tile=2" for a layer of units, or "".
  std::string tiles(const Layer& layer) const {
    if (options_->tile == 1 || layer.kind != Kind::linear) return "";
    if (options_->tile > layer.units)
      throw BadConfig("tile = " + std::to_string(options_->tile) + ": the layer '" + layer.written + "' has only " +
                      std::to_string(layer.units) + " units to share");
    return ", tile=" + std::to_string(options_->tile);
  }

  void block(const Layer& layer, const std::string& number) {
    const bool convolves = !layer.kernel.empty();
    if (convolves) require_axes(layer);
    if (!convolves && spatial_)
      refuse_layers(*options_, "'" + layer.written + "': behind axes a block is written block CHANNELS KERNEL");
    const std::string inner = "a" + number;
    const std::string first =
        convolves ? conv(layer, below_, layer.stride + ", pad=same" + bias_) : linear(layer.units);
    const std::string second = convolves ? conv(layer, inner, ", pad=same" + bias_) : linear(inner, layer.units);
    std::string around = below_;
    if (units_ != layer.units || !layer.stride.empty())
      around = convolves ? "conv(" + below_ + ", " + std::to_string(layer.units) + ", 1" + layer.stride + ", bias=0)"
                         : "linear(" + below_ + ", " + std::to_string(layer.units) + ", bias=0)";
    line(inner, "normal(" + layer.activation + "(" + first + "))");
    line("h" + number, "normal(" + layer.activation + "(" + around + " + " + second + "))");
    follow(layer, number);
  }

  void follow(const Layer& layer, const std::string& number) {
    below_ = "h" + number;
    if (layer.kind == Kind::linear) spatial_ = false;
    if (layer.units > 0) units_ = layer.units;
  }

  void require_axes(const Layer& layer) const {
    if (!spatial_)
      refuse_layers(*options_, "'" + layer.written + "': there are no axes here; a sample such as 3x32x32 has them");
  }

  std::string linear(std::int64_t units) const { return linear(spatial_ ? "flatten(" + below_ + ")" : below_, units); }
  std::string linear(const std::string& below, std::int64_t units) const {
    return "linear(" + below + ", " + std::to_string(units) + bias_ + ")";
  }
  std::string conv(const Layer& layer, const std::string& below, const std::string& more) const {
    return "conv(" + below + ", " + std::to_string(layer.units) + ", " + joined(layer.kernel, ", ") + more + ")";
  }

  const FamilyOptions* options_;
  const LayerList* list_;
  std::string text_;
  std::string below_;   // the last vertex
  bool spatial_;        // it has axes behind its first
  std::int64_t units_;  // its units or channels
  std::size_t width_;
  std::string bias_;
};

}  // namespace

LayerList read_layers(std::string_view family, const FamilyOptions& options) {
  check_options(family, options, false);
  const std::vector<std::string> items = items_of(options.layers);
  if (items.size() < 2)
    refuse_layers(options, "a model of the family " + std::string(family) +
                               " has at least an input and an output, as in layers = 784, 10");
  LayerList list;
  list.sample = extents_of(items.front());
  if (list.sample.empty()) refuse_layers(options, "the first item is the extents of a sample, as in 784 or 3x32x32");
  for (std::size_t i = 1; i < items.size(); ++i) list.layers.push_back(ItemReader(options, items[i]).run());
  const Layer& last = list.layers.back();
  if (last.kind != Kind::linear || words_of(last.written).size() > 1)
    refuse_layers(options, "'" + last.written + "': the last item is a number of units and has no activation");
  return list;
}

std::string layers_source(std::string_view family, const FamilyOptions& options, const LayerList& list) {
  return heading(family, options, options.activation) + Writer(options, list).run();
}

}  // namespace settle::families
