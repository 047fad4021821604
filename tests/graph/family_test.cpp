#include "graph/families/family.hpp"

#include <doctest/doctest.h>

#include "graph/error.hpp"
#include "graph/language/language.hpp"

using namespace settle;

namespace {

GraphPtr parse(const std::string& family, const FamilyOptions& options) {
  return parse_graph(family_source(family, options), family);
}

const Vertex& vertex(const GraphPtr& graph, const std::string& name) { return (*graph)[graph->find(name).value()]; }

std::string refusal(const std::string& family, const FamilyOptions& options) {
  try {
    return family_source(family, options);
  } catch (const BadConfig& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("an mlp is written as the text a person would write") {
  CHECK(family_source("mlp", {.layers = "784,300,100,10"}) ==
        "# mlp 784, 300, 100, 10; tanh\n"
        "x  ~ input(784)\n"
        "h1 ~ normal(tanh(linear(x, 300)))\n"
        "h2 ~ normal(tanh(linear(h1, 100)))\n"
        "y  ~ categorical(linear(h2, 10))\n");
}

TEST_CASE("an mlp takes activations, a gaussian output, no biases and samples that are not flat") {
  CHECK(family_source("mlp", {.layers = "2x3 , 4, 3  sigmoid,1", .activation = "relu", .output = "normal"}) ==
        "# mlp 2x3, 4, 3 sigmoid, 1; relu\n"
        "x  ~ input(2, 3)\n"
        "h1 ~ normal(relu(linear(flatten(x), 4)))\n"
        "h2 ~ normal(sigmoid(linear(h1, 3)))\n"
        "y  ~ normal(linear(h2, 1))\n");
  CHECK(family_source("mlp", {.layers = "3, 2", .bias = false}) ==
        "# mlp 3, 2; tanh, no bias\n"
        "x ~ input(3)\n"
        "y ~ categorical(linear(x, 2, bias=0))\n");
}

TEST_CASE("layers of units are split over as many actors as asked for") {
  const std::string text = family_source("mlp", {.layers = "6, 5, 4, 3", .tile = 2});
  CHECK(text ==
        "# mlp 6, 5, 4, 3; tanh\n"
        "x  ~ input(6)\n"
        "h1 ~ normal(tanh(linear(x, 5)), tile=2)\n"
        "h2 ~ normal(tanh(linear(h1, 4)), tile=2)\n"
        "y  ~ categorical(linear(h2, 3))\n");
  CHECK(parse_graph(text, "mlp")->size() == 6);
  CHECK(refusal("mlp", {.layers = "6, 5, 4, 2", .tile = 5}) == "tile = 5: the layer '4' has only 4 units to share");
  CHECK(refusal("rnn", {.layers = "4x3, 5, 2", .tile = 2}) ==
        "tile = 2: the family rnn shares its weights between steps, which tiles do not; leave it out");
}

TEST_CASE("an mlp's text parses to the layers asked for, also with ten of them") {
  const GraphPtr graph = parse("mlp", {.layers = "20,19,18,17,16,15,14,13,12,11,10,9"});
  REQUIRE(graph->size() == 12);
  for (VertexId id = 0; id < 12; ++id) CHECK((*graph)[id].shape == Shape{Shape::kBatch, 20 - id});
  CHECK(graph->find("h10").has_value());
}

TEST_CASE("the paper's convolutional network is one list of layers") {
  const FamilyOptions options{
      .layers = "3x32x32, conv 6 5, maxpool 2, conv 16 5, 200, 150, 10",
      .activation = "relu",
      .output = "normal",
      .bias = false,
  };
  CHECK(family_source("cnn", options) ==
        "# cnn 3x32x32, conv 6 5, maxpool 2, conv 16 5, 200, 150, 10; relu, no bias\n"
        "x  ~ input(3, 32, 32)\n"
        "h1 ~ normal(relu(conv(x, 6, 5, bias=0)))\n"
        "h2 ~ normal(max_pool(h1, 2))\n"
        "h3 ~ normal(relu(conv(h2, 16, 5, bias=0)))\n"
        "h4 ~ normal(relu(linear(flatten(h3), 200, bias=0)))\n"
        "h5 ~ normal(relu(linear(h4, 150, bias=0)))\n"
        "y  ~ normal(linear(h5, 10, bias=0))\n");
  const GraphPtr graph = parse("cnn", options);
  CHECK(vertex(graph, "h3").shape == Shape{Shape::kBatch, 16, 10, 10});
  CHECK(graph->parameter_count() == 6 * 3 * 25 + 16 * 6 * 25 + 1600 * 200 + 200 * 150 + 150 * 10);
}

TEST_CASE("convolutions and pools take strides, padding, kernels of each axis and activations") {
  const std::string text = family_source(
      "cnn", {.layers = "2x12x12, conv 4 3x5 stride 2 pad same sigmoid, avgpool 2 stride 1, maxpool 2x1, 3"});
  CHECK(text.find("conv(x, 4, 3, 5, stride=2, pad=same)") != std::string::npos);
  CHECK(text.find("normal(sigmoid(conv") != std::string::npos);
  CHECK(text.find("average_pool(h1, 2, stride=1)") != std::string::npos);
  CHECK(text.find("max_pool(h2, 2, 1)") != std::string::npos);
  CHECK(vertex(parse_graph(text, "cnn"), "h3").shape == Shape{Shape::kBatch, 4, 2, 5});
}

TEST_CASE("residual blocks are two layers and a connection around them, through weights where units change") {
  CHECK(family_source("residual", {.layers = "8, 6, block 6, block 4 relu, 3"}) ==
        "# residual 8, 6, block 6, block 4 relu, 3; tanh\n"
        "x  ~ input(8)\n"
        "h1 ~ normal(tanh(linear(x, 6)))\n"
        "a2 ~ normal(tanh(linear(h1, 6)))\n"
        "h2 ~ normal(tanh(h1 + linear(a2, 6)))\n"
        "a3 ~ normal(relu(linear(h2, 4)))\n"
        "h3 ~ normal(relu(linear(h2, 4, bias=0) + linear(a3, 4)))\n"
        "y  ~ categorical(linear(h3, 3))\n");
  CHECK(family_source("residual", {.layers = "3x8x8, conv 4 3 pad same, block 4 3, block 6 3 stride 2, 5"}) ==
        "# residual 3x8x8, conv 4 3 pad same, block 4 3, block 6 3 stride 2, 5; tanh\n"
        "x  ~ input(3, 8, 8)\n"
        "h1 ~ normal(tanh(conv(x, 4, 3, pad=same)))\n"
        "a2 ~ normal(tanh(conv(h1, 4, 3, pad=same)))\n"
        "h2 ~ normal(tanh(h1 + conv(a2, 4, 3, pad=same)))\n"
        "a3 ~ normal(tanh(conv(h2, 6, 3, stride=2, pad=same)))\n"
        "h3 ~ normal(tanh(conv(h2, 6, 1, stride=2, bias=0) + conv(a3, 6, 3, pad=same)))\n"
        "y  ~ categorical(linear(flatten(h3), 5))\n");
  const GraphPtr graph = parse("residual", {.layers = "3x8x8, conv 4 3 pad same, block 4 3, block 6 3 stride 2, 5"});
  CHECK(vertex(graph, "h3").shape == Shape{Shape::kBatch, 6, 4, 4});
}

TEST_CASE("a recurrent network is a repeat over the parts of one input") {
  CHECK(family_source("rnn", {.layers = "12x57, 256, 18", .output = "normal", .bias = false}) ==
        "# rnn 12x57, 256, 18; tanh, read out from the last step, no bias\n"
        "x ~ input(12, 57)\n"
        "step(x, t) = squeeze(slice(x, t - 1, t, axis=0), axis=0)\n"
        "h[0] = zeros(256)\n"
        "repeat t in 1..12 {\n"
        "  h[t] ~ normal(tanh(linear(h[t-1], 256, share=Wh, bias=0) + linear(step(x, t), 256, share=Wx, bias=0)))\n"
        "}\n"
        "y ~ normal(linear(h[12], 18, bias=0))\n");
  const GraphPtr graph = parse("rnn", {.layers = "12x57, 256, 18", .bias = false});
  CHECK(graph->size() == 1 + 2 + 12 + 1);
  CHECK(graph->parameter_count() == 256 * 256 + 256 * 57 + 18 * 256);
}

TEST_CASE("an LSTM has a vertex for every gate of every step") {
  CHECK(family_source("lstm", {.layers = "50x65, 128, 65", .output = "normal", .readout = "each"}) ==
        "# lstm 50x65, 128, 65; tanh, read out from each step\n"
        "x ~ input(50, 65)\n"
        "step(x, t) = squeeze(slice(x, t - 1, t, axis=0), axis=0)\n"
        "h[0] = zeros(128)\n"
        "c[0] = zeros(128)\n"
        "repeat t in 1..50 {\n"
        "  f[t] ~ normal(sigmoid(linear(step(x, t), 128, share=Wf) + linear(h[t-1], 128, share=Uf, bias=0)))\n"
        "  i[t] ~ normal(sigmoid(linear(step(x, t), 128, share=Wi) + linear(h[t-1], 128, share=Ui, bias=0)))\n"
        "  g[t] ~ normal(tanh(linear(step(x, t), 128, share=Wg) + linear(h[t-1], 128, share=Ug, bias=0)))\n"
        "  o[t] ~ normal(sigmoid(linear(step(x, t), 128, share=Wo) + linear(h[t-1], 128, share=Uo, bias=0)))\n"
        "  c[t] ~ normal(f[t] * c[t-1] + i[t] * g[t])\n"
        "  h[t] ~ normal(o[t] * tanh(c[t]))\n"
        "}\n"
        "y ~ normal(linear(reshape(concat(h[1..50]), 50, 128), 65))\n");
  const GraphPtr graph = parse("lstm", {.layers = "50x65, 128, 65", .readout = "each"});
  CHECK(vertex(graph, "y").shape == Shape{Shape::kBatch, 50, 65});
  CHECK(vertex(graph, "y").parents.size() == 50);
  CHECK(graph->parameter_count() == 4 * (128 * 65 + 128 + 128 * 128) + 65 * 128 + 65);
}

TEST_CASE("a GRU has a vertex for every gate, and layers lie upon each other by number") {
  const std::string text = family_source("gru", {.layers = "4x3, 5, 6, 2"});
  CHECK(text.find("  n1[t] ~ normal(tanh(linear(step(x, t), 5, share=Wn1) + linear(r1[t] * h1[t-1], 5, share=Un1, "
                  "bias=0)))\n"
                  "  h1[t] ~ normal((1 - z1[t]) * n1[t] + z1[t] * h1[t-1])\n") != std::string::npos);
  CHECK(text.find("  z2[t] ~ normal(sigmoid(linear(h1[t], 6, share=Wz2) + linear(h2[t-1], 6, share=Uz2, bias=0)))\n") !=
        std::string::npos);
  const GraphPtr graph = parse_graph(text, "gru");
  CHECK(vertex(graph, "h2[4]").shape == Shape{Shape::kBatch, 6});
  CHECK(graph->parameter_count() == 3 * (5 * 3 + 5 + 5 * 5) + 3 * (6 * 5 + 6 + 6 * 6) + 2 * 6 + 2);
}

TEST_CASE("a masked recurrent network takes nothing over a step that is not there and reads out the last that is") {
  CHECK(family_source("rnn", {.layers = "12x57, 256, 18", .mask = true}) ==
        "# rnn 12x57, 256, 18; tanh, read out from the last step, masked\n"
        "x ~ input(12, 57)\n"
        "step(x, t) = squeeze(slice(x, t - 1, t, axis=0), axis=0)\n"
        "mask ~ input(12)\n"
        "there(t) = slice(mask, t - 1, t)\n"
        "last = mask - pad(slice(mask, 1, 12), 0, 1)\n"
        "h[0] = zeros(256)\n"
        "repeat t in 1..12 {\n"
        "  h[t] ~ normal(tanh(linear(there(t) * h[t-1], 256, share=Wh, bias=0) + linear(step(x, t), 256, share=Wx)))\n"
        "}\n"
        "y ~ categorical(linear(sum(reshape(last, 12, 1) * reshape(concat(h[1..12]), 12, 256), axis=0), 18))\n");
  const std::string each = family_source("lstm", {.layers = "4x3, 5, 2", .readout = "each", .mask = true});
  CHECK(each.find("  c[t] ~ normal(f[t] * there(t) * c[t-1] + i[t] * g[t])\n") != std::string::npos);
  CHECK(each.find("y ~ categorical(reshape(mask, 4, 1) * linear(reshape(concat(h[1..4]), 4, 5), 2))\n") !=
        std::string::npos);
  CHECK(family_source("gru", {.layers = "1x3, 5, 2", .mask = true}).find("last = mask\n") != std::string::npos);
  CHECK(refusal("mlp", {.layers = "3, 2", .mask = true}) ==
        "mask: the family mlp has no steps that could be missing; leave it out");
}

TEST_CASE("impossible options of a family are refused by name, with what they may be") {
  CHECK(refusal("mpl", {.layers = "3, 2"}) == "family = mpl: there is no such model family, did you mean 'mlp'?");
  CHECK(refusal("transformer", {.layers = "3, 2"}) ==
        "family = transformer: there is no such model family; the families are: mlp, cnn, residual, rnn, lstm, gru");
  CHECK(refusal("mlp", {.layers = "3"}) ==
        "layers = 3: a model of the family mlp has at least an input and an output, as in layers = 784, 10");
  CHECK(refusal("mlp", {.layers = "3,0,2"}) ==
        "layers = 3, 0, 2: '0': a layer has at least 1 unit, as in 'conv 6 5' or '300'");
  CHECK(refusal("mlp", {.layers = "3,,2"}) == "layers = 3, , 2: an item is empty");
  CHECK(refusal("mlp", {.layers = "3xx4, 2"}) ==
        "layers = 3xx4, 2: the first item is the extents of a sample, as in 784 or 3x32x32");
  CHECK(refusal("mlp", {.layers = "3, 2", .activation = "tahn"}) ==
        "activation = tahn: 'tahn' is no function of one argument, did you mean 'tanh'?");
  CHECK(refusal("mlp", {.layers = "3, 2", .activation = "linear"}) ==
        "activation = linear: 'linear' is no function of one argument; take tanh, relu or sigmoid");
  CHECK(refusal("mlp", {.layers = "3, 2", .output = "softmax"}) ==
        "output = softmax: it is categorical or normal or bernoulli");
  CHECK(refusal("mlp", {.layers = "3, 2", .readout = "each"}) ==
        "readout = each: the family mlp has no steps to read out; leave it out");
  CHECK(refusal("mlp", {.layers = "3, 4 rleu, 2"}) ==
        "layers: '4 rleu': 'rleu' is no function of one argument, did you mean 'relu'?");
  CHECK(refusal("mlp", {.layers = "3, 4, 2 relu"}) ==
        "layers = 3, 4, 2 relu: '2 relu': the last item is a number of units and has no activation");
  CHECK(refusal("mlp", {.layers = "1x8x8, conv 4 3, 2"}) ==
        "layers = 1x8x8, conv 4 3, 2: 'conv 4 3': an mlp has layers of units only; see the families cnn, residual");
  CHECK(refusal("cnn", {.layers = "1x8x8, cnov 4 3, 2"}) ==
        "layers = 1x8x8, cnov 4 3, 2: 'cnov 4 3': there is no such layer, did you mean 'conv'?");
  CHECK(refusal("cnn", {.layers = "1x8x8, conv 4, 2"}) ==
        "layers = 1x8x8, conv 4, 2: 'conv 4': the extent of the kernel is missing, as in 'conv 6 5', 'conv 6 3x5' or "
        "'maxpool 2'");
  CHECK(refusal("cnn", {.layers = "1x8x8, maxpool 2 relu, 2"}) ==
        "layers = 1x8x8, maxpool 2 relu, 2: 'maxpool 2 relu': 'relu' has no meaning here");
  CHECK(refusal("cnn", {.layers = "1x8x8, conv 4 3 stride, 2"}) ==
        "layers = 1x8x8, conv 4 3 stride, 2: 'conv 4 3 stride': 'stride' needs a number");
  CHECK(refusal("cnn", {.layers = "64, conv 4 3, 2"}) ==
        "layers = 64, conv 4 3, 2: 'conv 4 3': there are no axes here; a sample such as 3x32x32 has them");
  CHECK(refusal("cnn", {.layers = "64, block 4, 2"}) ==
        "layers = 64, block 4, 2: 'block 4': a cnn has no blocks; see the family residual");
  CHECK(refusal("residual", {.layers = "64, 4, 2"}) ==
        "layers = 64, 4, 2: the family residual has a block, as in 784, 100, block 100, 10");
  CHECK(refusal("residual", {.layers = "1x8x8, block 4, 2"}) ==
        "layers = 1x8x8, block 4, 2: 'block 4': behind axes a block is written block CHANNELS KERNEL");
  CHECK(refusal("rnn", {.layers = "50, 128, 65"}) ==
        "layers = 50, 128, 65: it is STEPSxFEATURES, hidden units, output units, as in 50x65, 128, 65");
  CHECK(refusal("lstm", {.layers = "50x65, 128 relu, 65"}) ==
        "layers = 50x65, 128 relu, 65: '128 relu' is no number of units");
  CHECK(refusal("gru", {.layers = "50x65, 128, 65", .readout = "all"}) == "readout = all: it is last or each");
}
