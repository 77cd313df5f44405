-- STEP measurements, per traject (01 §2.4).
{{ metingen('step', ['moment', 'datum_meting'],
            ['datum_besluit', 'fj', 'fj_zonder_duur', 'ko', 'ko_zonder_duur', 'zz', 'uz']) }}
