-- Scores on goals, per traject (01 §2.4).
{{ metingen('doelen', ['doel_nr', 'beoordelaar', 'datum_meting'], ['score']) }}
