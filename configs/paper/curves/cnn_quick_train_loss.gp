# Draws cnn_quick_train_loss.svg from cnn_quick_train_loss.csv: gnuplot cnn_quick_train_loss.gp
reset session
set encoding utf8
set terminal svg size 640,400 dynamic noenhanced font 'sans-serif,14' linewidth 1.4 background 'white'
set output 'cnn_quick_train_loss.svg'
set datafile separator ','
set title 'Loss of training batches'
set format '%g'
set grid linecolor rgb 'gray' linewidth 0.5 dashtype solid
set border 3
set tics nomirror out
set xlabel 'trial (count since the run began)'
set xrange [0:*]
set ylabel 'loss (nats per sample)'
set yrange [*:*]
set key outside top center horizontal
set offsets graph 0, 0, graph 0.05, graph 0.05
plot 'cnn_quick_train_loss.csv' skip 1 index 0 using 2:4:5 with filledcurves fillcolor rgb '#0072B2' fillstyle transparent solid 0.2 noborder notitle, \
  'cnn_quick_train_loss.csv' skip 1 index 0 using 2:3 with lines linecolor rgb '#0072B2' dashtype solid title 'fixed_prediction', \
  'cnn_quick_train_loss.csv' skip 1 index 1 using 2:4:5 with filledcurves fillcolor rgb '#D55E00' fillstyle transparent solid 0.2 noborder notitle, \
  'cnn_quick_train_loss.csv' skip 1 index 1 using 2:3 with lines linecolor rgb '#D55E00' dashtype (12,4) title 'backprop'
