"""The texts of the analysis plan and its shells, and of what stands under every output."""

PLAN: dict[str, tuple[str, str]] = {
    # key: (English, Spanish)
    "each_value": ("(a line for each value)", "(una línea por cada valor)"),
    "each_visit": ("each analysis visit", "cada visita de análisis"),
    "endpoint_description": ("Description and sensitivity", "Descripción y sensibilidad"),
    "endpoint_exploratory": ("Exploratory endpoints", "Variables exploratorias"),
    "endpoint_primary": ("Primary endpoint", "Variable principal"),
    "endpoint_secondary": ("Secondary endpoints", "Variables secundarias"),
    "figure_before_and_after": (
        "Two values of each subject joined by a line, with mean ± SEM",
        "Dos valores de cada sujeto unidos por una línea, con media ± EEM",
    ),
    "figure_body_maps": (
        "The body before treatment and after it, regions filled by severity",
        "El cuerpo antes y después del tratamiento, regiones según la intensidad",
    ),
    "figure_course_over_time": (
        "Mean ± SEM by analysis visit, with the number of values below",
        "Media ± EEM por visita de análisis, con el número de valores debajo",
    ),
    "figure_flow": (
        "Subjects from screening to analysis, and who left where",
        "Sujetos de la selección al análisis, y quién salió dónde",
    ),
    "figure_individual_courses": (
        "A small panel for each subject, with dose steps and responses",
        "Un pequeño panel por sujeto, con escalones de dosis y respuestas",
    ),
    "figure_laboratory_courses": (
        "A line for each subject on bands of toxicity grades",
        "Una línea por sujeto sobre bandas de grados de toxicidad",
    ),
    "figure_of": ("From", "A partir de"),
    "figure_swimmer": (
        "A bar for each subject: dose steps, responses, relapses, adverse events",
        "Una barra por sujeto: escalones de dosis, respuestas, recaídas, acontecimientos "
        "adversos",
    ),
    "figure_time_to_event": (
        "Kaplan-Meier curve with pointwise intervals and numbers at risk; cumulative "
        "incidence where another event competes",
        "Curva de Kaplan-Meier con intervalos puntuales y números en riesgo; incidencia "
        "acumulada donde compite otro acontecimiento",
    ),
    "figure_waterfall": (
        "A bar for each subject: best change from baseline",
        "Una barra por sujeto: mejor cambio desde la situación basal",
    ),
    "how_change": (
        "paired change of the subjects with both values, each test named",
        "cambio pareado de los sujetos con ambos valores, cada prueba con su nombre",
    ),
    "how_comparison": ("two groups, each test named", "dos grupos, cada prueba con su nombre"),
    "how_counts": ("counts of subjects", "recuentos de sujetos"),
    "how_design": ("Simon's two-stage design", "diseño de Simon en dos etapas"),
    "how_events": (
        "counts of subjects with an event and of events",
        "recuentos de sujetos con un acontecimiento y de acontecimientos",
    ),
    "how_incidence": (
        "cumulative incidence (Aalen-Johansen)",
        "incidencia acumulada (Aalen-Johansen)",
    ),
    "how_means": (
        "mean ± SEM of the known values",
        "media ± EEM de los valores conocidos",
    ),
    "how_narratives": (
        "sentences made from rows of the datasets",
        "frases hechas de filas de los conjuntos de datos",
    ),
    "how_results_text": (
        "every number is a result of the analysis plan",
        "cada número es un resultado del plan de análisis",
    ),
    "how_rows": (
        "rows of the datasets as they are",
        "filas de los conjuntos de datos tal como son",
    ),
    "how_summary": (
        "descriptive statistics of the known values, quartiles by SAS definition 5",
        "estadística descriptiva de los valores conocidos, cuartiles según la definición 5 de"
        " SAS",
    ),
    "how_time": ("Kaplan-Meier", "Kaplan-Meier"),
    "is_shell": ("Shell: no data yet.", "Plantilla: aún sin datos."),
    "narrative_shell": (
        "A passage for each subject with a serious adverse event or an early end: who it is, "
        "treatment, each event with dates, study days, dose, severity, seriousness, relation,"
        " action and outcome, how it ended, response.",
        "Un párrafo por cada sujeto con un acontecimiento adverso grave o un final "
        "anticipado: quién es, tratamiento, cada acontecimiento con fechas, días de estudio, "
        "dosis, intensidad, gravedad, relación, medida y desenlace, cómo terminó, respuesta.",
    ),
    "plan_among": (
        "Asked of subjects with: {condition}",
        "Se pregunta a los sujetos con: {condition}",
    ),
    "plan_and_shells": ("Analysis plan and shells", "Plan de análisis y plantillas"),
    "plan_by": ("By {column}", "Por {column}"),
    "plan_change": (
        "Change of {parameter} from baseline: {when}",
        "Cambio de {parameter} desde la situación basal: {when}",
    ),
    "plan_competing": (
        "Time to {parameter} in weeks; competing event: {condition}",
        "Tiempo hasta {parameter} en semanas; acontecimiento competitivo: {condition}",
    ),
    "plan_curve": (
        "{method}, {scale} intervals of {level}",
        "{method}, intervalos {scale} del {level}",
    ),
    "plan_data": ("Data: {dataset}", "Datos: {dataset}"),
    "plan_data_where": ("Data: {dataset} where {condition}", "Datos: {dataset} donde {condition}"),
    "plan_design": (
        "Simon's two-stage design: response of {p0} against {p1}, alpha {alpha}, beta {beta}",
        "Diseño de Simon en dos etapas: respuesta de {p0} frente a {p1}, alfa {alpha}, beta "
        "{beta}",
    ),
    "plan_event": (
        "A subject counts with a row in which {condition}",
        "Un sujeto cuenta con una fila en la que {condition}",
    ),
    "plan_intervals": ("Intervals of {level}: {methods}", "Intervalos del {level}: {methods}"),
    "plan_mean_change": (
        "Mean change with its {level} interval",
        "Cambio medio con su intervalo del {level}",
    ),
    "plan_missing_category": (
        "Subjects without a value stay in n, in a category of their own",
        "Los sujetos sin valor siguen en n, en una categoría propia",
    ),
    "plan_missing_censored": (
        "Without the event: censored at the last assessment with a known score",
        "Sin el acontecimiento: censurado en la última evaluación con puntuación conocida",
    ),
    "plan_missing_events": (
        "Without a recorded event: no event",
        "Sin acontecimiento registrado: ningún acontecimiento",
    ),
    "plan_missing_left_out": (
        "Of whom it cannot be known: left out",
        "De quien no puede saberse: se omite",
    ),
    "plan_missing_lower_bound": (
        "Of whom it cannot be known: counted as no event, and in the upper end of the intervals "
        "as one",
        "De quien no puede saberse: cuenta como no, y en el extremo superior de los intervalos "
        "como sí",
    ),
    "plan_missing_no_event": (
        "Of whom it cannot be known: counted as no event",
        "De quien no puede saberse: cuenta como no",
    ),
    "plan_missing_values": (
        "Missing values are left out and counted",
        "Los valores ausentes se omiten y se cuentan",
    ),
    "plan_populations": ("Populations: {names}", "Poblaciones: {names}"),
    "plan_source": ("Source: {sources}", "Fuente: {sources}"),
    "plan_terms": (
        "Subjects with an event and events, in all and by {column}",
        "Sujetos con un acontecimiento y acontecimientos, en total y por {column}",
    ),
    "plan_tests": ("Tests, two-sided: {tests}", "Pruebas, bilaterales: {tests}"),
    "plan_time": ("Time to {parameter} in weeks", "Tiempo hasta {parameter} en semanas"),
    "plan_variable": ("Values of {column}", "Valores de {column}"),
    "protocol_date": ("Protocol of", "Protocolo del"),
    "significance": ("Significance level", "Nivel de significación"),
    "stamp_data": (
        "Data cut {cut}; study files {digest}",
        "Corte de datos {cut}; archivos del estudio {digest}",
    ),
    "stamp_method": ("Method: {method}", "Método: {method}"),
    "stamp_population": ("Population: {who}", "Población: {who}"),
    "stamp_rounding": ("Rounding: {rule}", "Redondeo: {rule}"),
    "stamp_study": ("Study files {digest}", "Archivos del estudio {digest}"),
    "subject_pattern": ("subject", "sujeto"),
}  # fmt: skip
