# Draws study_lstm_seeds_train_loss_rnn.svg from study_lstm_seeds_train_loss_rnn.csv: gnuplot study_lstm_seeds_train_loss_rnn.gp
reset session
set encoding utf8
set terminal svg size 640,400 dynamic noenhanced font 'sans-serif,14' linewidth 1.4 background 'white'
set output 'study_lstm_seeds_train_loss_rnn.svg'
set datafile separator ','
set title 'Loss of training batches: rnn'
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
plot 'study_lstm_seeds_train_loss_rnn.csv' skip 1 index 0 using 2:4:(0):(($5)-($4)) with vectors nohead linecolor rgb '#0072B2' notitle, \
  'study_lstm_seeds_train_loss_rnn.csv' skip 1 index 0 using 2:3 with linespoints linecolor rgb '#0072B2' dashtype solid pointtype 7 pointsize 0.6 title 'fixed_prediction', \
  'study_lstm_seeds_train_loss_rnn.csv' skip 1 index 1 using 2:4:(0):(($5)-($4)) with vectors nohead linecolor rgb '#D55E00' notitle, \
  'study_lstm_seeds_train_loss_rnn.csv' skip 1 index 1 using 2:3 with linespoints linecolor rgb '#D55E00' dashtype (12,4) pointtype 4 pointsize 0.6 title 'backprop'
