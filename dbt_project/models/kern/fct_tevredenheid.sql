-- Lists of client satisfaction, per traject (01 §2.4).
{{ metingen('tevredenheid', ['informant', 'ouder_nr', 'datum_meting'], ['resultaat', 'rapportcijfer']) }}
