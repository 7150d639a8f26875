"""The texts of figures alone: axes, keys, and what stands below."""

FIGURES: dict[str, tuple[str, str]] = {
    # key: (English, Spanish)
    "after": ("After", "Después"),
    "against": ("Against baseline: {tests}", "Frente a la situación basal: {tests}"),
    "after_mean": ("After, mean (SEM)", "Después, media (EEM)"),
    "analysed": ("Analysed", "Analizados"),
    "at_risk": ("At risk", "En riesgo"),
    "back": ("back", "de espaldas"),
    "before": ("Before", "Antes"),
    "before_mean": ("Before, mean (SEM)", "Antes, media (EEM)"),
    "best_change": ("{name}: best change from baseline",
                    "{name}: mejor cambio desde la situación basal"),
    "body_synthetic": (
        "Drawn from synthetic data: invented subjects, no photographs of patients.",
        "Dibujado con datos sintéticos: sujetos inventados, sin fotografías de pacientes.",
    ),
    "body_worst": (
        "Each region is filled by its value of {group}; of a region with several lesions "
        "the worst counts.",
        "Cada región se rellena según su valor de {group}; en una región con varias "
        "lesiones cuenta la peor.",
    ),
    "completed": ("Completed", "Completaron"),
    "course_told": (
        "{subject} from {first} to {lowest} at week {lowest_week}, last {last} at week "
        "{last_week}",
        "{subject} de {first} a {lowest} en la semana {lowest_week}, último {last} en la "
        "semana {last_week}",
    ),
    "cumulative_incidence": ("Cumulative incidence", "Incidencia acumulada"),
    "day_and_value": ("Study day: value", "Día de estudio: valor"),
    "days_followed": ("Follow-up, days", "Seguimiento, días"),
    "days_treated": ("Treatment, days", "Tratamiento, días"),
    "dose_strip": (
        "Strip below each course: dose steps, darker and thicker the higher the dose. The"
        " baseline stands at week 0.",
        "Franja bajo cada curso: escalones de dosis, más oscuros y gruesos cuanto mayor "
        "la dosis. La situación basal está en la semana 0.",
    ),
    "doses_taken": ("Dose steps, study days", "Escalones de dosis, días de estudio"),
    "dotted_limits": ("Dotted: limits of normal.", "Punteado: límites de la normalidad."),
    "event_mark": ("Adverse event", "Acontecimiento adverso"),
    "events_of": ("{events} of {n} with the event", "{events} de {n} con el acontecimiento"),
    "few_left_out": (
        "Visits with fewer than {few} values are not drawn; they stand in the numbers of the "
        "figure.",
        "Las visitas con menos de {few} valores no se dibujan; están en los números de la figura.",
    ),
    "few": ("Hollow marker: fewer than {few} values.",
            "Marcador hueco: menos de {few} valores."),
    "first_of": ("The first {n} of {all} subjects are drawn.",
                 "Se dibujan los primeros {n} de {all} sujetos."),
    "front": ("front", "de frente"),
    "grade_bands": (
        "Bands: toxicity grades ({criteria}); a value on a boundary has the milder grade."
        " Axes are logarithmic; the baseline stands at week 0.",
        "Bandas: grados de toxicidad ({criteria}); un valor en el límite tiene el grado "
        "menor. Ejes logarítmicos; la situación basal está en la semana 0.",
    ),
    "grade_named": (
        "A line for each subject; black and named: grade {grade} or worse after baseline,"
        " with dots at those values.",
        "Una línea por sujeto; en negro y con nombre: grado {grade} o peor tras la "
        "situación basal, con puntos en esos valores.",
    ),
    "happenings": ("Events, study day", "Acontecimientos, día de estudio"),
    "incidence_last": (
        "incidence up to the last time {height} ({level} interval {bounds})",
        "incidencia hasta el último tiempo {height} (intervalo del {level} {bounds})",
    ),
    "incidence_of": (
        "{events} of {n} with the event first, {competing} with the competing event first",
        "{events} de {n} con el acontecimiento primero, {competing} con el competidor "
        "primero",
    ),
    "last": ("Last", "Último"),
    "left_early": ("Left before the planned end", "Salieron antes del final previsto"),
    "limits_differ": (
        "Limits of normal differ between values: the bands are drawn with the most "
        "frequent ones, each value is graded with its own.",
        "Los límites de la normalidad difieren entre valores: las bandas usan los más "
        "frecuentes, cada valor se gradúa con los suyos.",
    ),
    "lowest": ("Lowest after baseline", "Mínimo tras la situación basal"),
    "mean_before_after": ("mean before → after", "media antes → después"),
    "mean_change_any": ("Mean change (interval)", "Cambio medio (intervalo)"),
    "mean_sem": ("Mean ± SEM", "Media ± EEM"),
    "mean_sem_unit": ("Mean ± SEM, {unit}", "Media ± EEM, {unit}"),
    "median_of": ("median {median} weeks ({level} interval {bounds})",
                  "mediana {median} semanas (intervalo del {level} {bounds})"),
    "n_figure": ("Below the axis: number of values at the visit.",
                 "Bajo el eje: número de valores en la visita."),
    "no_assessment": (
        "No assessment before treatment or near the wanted week: not shown",
        "Sin evaluación antes del tratamiento o cerca de la semana pedida: no se muestra",
    ),
    "no_best_response": (
        "The response of each subject is not shown: the study defines no best response over all "
        "assessments.",
        "La respuesta de cada sujeto no se muestra: el estudio no define una mejor respuesta de "
        "todas las evaluaciones.",
    ),
    "no_consent": ("No consent to publication: not shown",
                   "Sin consentimiento para la publicación: no se muestra"),
    "no_reason": ("No reason recorded", "Sin motivo registrado"),
    "no_values": ("No values to draw", "Sin valores que dibujar"),
    "not_drawn": ("Without a change that could be drawn: {subjects}.",
                  "Sin un cambio que dibujar: {subjects}."),
    "not_enrolled": ("Not enrolled: screening failed", "No incluidos: fallo de selección"),
    "not_on_body": ("not drawn: {regions}", "no dibujado: {regions}"),
    "not_treated": ("Never treated", "Nunca tratados"),
    "nothing_found": ("nothing found", "sin hallazgos"),
    "on_day": ("day {day}", "día {day}"),
    "other_dose": ("Other dose", "Otra dosis"),
    "paired_lines": ("A line for each subject with both values; diamonds: mean ± SEM.",
                     "Una línea por sujeto con ambos valores; rombos: media ± EEM."),
    "relapse": ("Relapse", "Recaída"),
    "sem": ("SEM", "EEM"),
    "serious_mark": ("Serious adverse event", "Acontecimiento adverso grave"),
    "stage": ("Stage", "Etapa"),
    "stayed": ("Completed or still in the trial", "Completaron o siguen en el ensayo"),
    "steps": ("Kaplan-Meier; times are interval-censored (seen at visits only); "
              "bands: pointwise {interval} intervals of {level}; strokes: censored.",
              "Kaplan-Meier; tiempos con censura por intervalos (solo en las visitas); "
              "bandas: intervalos puntuales {interval} del {level}; trazos: censurados."),
    "steps_incidence": (
        "Cumulative incidence (Aalen-Johansen) beside a competing event; bands: pointwise"
        " {interval} intervals of {level}.",
        "Incidencia acumulada (Aalen-Johansen) con un acontecimiento competidor; bandas: "
        "intervalos puntuales {interval} del {level}.",
    ),
    "still_followed": ("In follow-up at the data cut, no end recorded",
                       "En seguimiento en la fecha de corte, sin final registrado"),
    "still_treated": ("On treatment at the data cut", "En tratamiento en la fecha de corte"),
    "subject_absent": ("Not among the subjects of the data",
                       "No está entre los sujetos de los datos"),
    "subject_unclear": ("Several subjects have this number: name one in full",
                        "Varios sujetos tienen este número: indique uno completo"),
    "swimmer_bars": (
        "Bars: dose steps, darker and thicker the higher the dose; the line ends at the "
        "last contact.",
        "Barras: escalones de dosis, más oscuras y gruesas cuanto mayor la dosis; la "
        "línea acaba en el último contacto.",
    ),
    "swimmer_spans": (
        "{n} subjects, treated for {treated} days and followed up for {followed} days",
        "{n} sujetos, tratados durante {treated} días y seguidos durante {followed} días",
    ),
    "threshold": ("Dashed line: {value}, a bound of the definition of response.",
                  "Línea discontinua: {value}, límite de la definición de respuesta."),
    "treatment_ongoing": ("Treatment ongoing at the data cut",
                          "Tratamiento en curso en la fecha de corte"),
    "week_and_day": ("Week {week} (day {day})", "Semana {week} (día {day})"),
    "weeks_from_dose": ("Weeks from the first dose", "Semanas desde la primera dosis"),
    "weeks_from_start": ("Weeks from the start of the interval",
                         "Semanas desde el inicio del intervalo"),
    "without_drug": ("Without drug, followed up", "Sin fármaco, en seguimiento"),
    "without_event": ("Proportion without the event", "Proporción sin el acontecimiento"),
    "worst_grade": ("Worst grade after baseline", "Peor grado tras la situación basal"),
    "worst_value": ("Worst value", "Peor valor"),
}  # fmt: skip
