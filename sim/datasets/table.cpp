#include <memory>
#include <string>

#include "graph/error.hpp"
#include "sim/datasets/columns.hpp"
#include "sim/datasets/kinds.hpp"
#include "sim/datasets/table_format.hpp"

namespace settle {
namespace {

ColumnPtr column_of(const TableRows& rows, std::size_t size, const std::vector<double>& values) {
  const auto extent = static_cast<std::int64_t>(size);
  Tensor<double> tensor(Shape{static_cast<std::int64_t>(rows.count), extent}, values);
  return std::make_shared<RealColumn<double>>(Shape{extent}, std::move(tensor), Normalisations{{}});
}

}  // namespace

Dataset open_table(const DataConfig& config) {
  using Normalise = DataConfig::Normalise;
  if (config.normalise != Normalise::automatic && config.normalise != Normalise::none)
    throw BadConfig("data.normalise: a table is used as it is written; leave the key out or give none");
  if (config.classes > 0) throw BadConfig("data.classes: a table holds target values, no classes");
  const TableRows rows = parse_rows(config.rows);
  Dataset dataset;
  dataset.train = Split({column_of(rows, rows.input_size, rows.inputs)},
                        {column_of(rows, rows.target_size, rows.targets)}, nullptr, rows.count);
  dataset.test = dataset.train;
  return dataset;
}

}  // namespace settle
