# Draws study_cnn_fashion_train_loss_normal.svg from study_cnn_fashion_train_loss_normal.csv: gnuplot study_cnn_fashion_train_loss_normal.gp
reset session
set encoding utf8
set terminal svg size 640,457 dynamic noenhanced font 'sans-serif,14' linewidth 1.4 background 'white'
set output 'study_cnn_fashion_train_loss_normal.svg'
set datafile separator ','
set title 'Loss of training batches: normal'
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
plot 'study_cnn_fashion_train_loss_normal.csv' skip 1 index 0 using 2:4:5 with filledcurves fillcolor rgb '#0072B2' fillstyle transparent solid 0.2 noborder notitle, \
  'study_cnn_fashion_train_loss_normal.csv' skip 1 index 0 using 2:3 with lines linecolor rgb '#0072B2' dashtype solid title 'fixed_prediction, lockstep', \
  'study_cnn_fashion_train_loss_normal.csv' skip 1 index 1 using 2:4:5 with filledcurves fillcolor rgb '#D55E00' fillstyle transparent solid 0.2 noborder notitle, \
  'study_cnn_fashion_train_loss_normal.csv' skip 1 index 1 using 2:3 with lines linecolor rgb '#D55E00' dashtype solid title 'fixed_predic… asynchronous', \
  'study_cnn_fashion_train_loss_normal.csv' skip 1 index 2 using 2:4:5 with filledcurves fillcolor rgb '#009E73' fillstyle transparent solid 0.2 noborder notitle, \
  'study_cnn_fashion_train_loss_normal.csv' skip 1 index 2 using 2:3 with lines linecolor rgb '#009E73' dashtype solid title 'strict, lockstep', \
  'study_cnn_fashion_train_loss_normal.csv' skip 1 index 3 using 2:4:5 with filledcurves fillcolor rgb '#CC79A7' fillstyle transparent solid 0.2 noborder notitle, \
  'study_cnn_fashion_train_loss_normal.csv' skip 1 index 3 using 2:3 with lines linecolor rgb '#CC79A7' dashtype (12,4) title 'backprop'
