"""The texts of the report itself, by language. What a study says stands in the study's files."""

from collections.abc import Mapping
from dataclasses import dataclass

from pilotage.report.words_document import DOCUMENT
from pilotage.report.words_plan import PLAN

CATALOGUE: Mapping[str, tuple[str, str]] = DOCUMENT | PLAN | {
    # key: (English, Spanish)
    "about": ("About this report", "Acerca de este informe"),
    "adsl_AGE": ("Age", "Edad"),
    "adsl_CYC1DAYS": ("First cycle, days", "Primer ciclo, días"),
    "adsl_DCSDT": ("Ended on", "Fecha del final"),
    "adsl_DCSREAS": ("Reason for the end", "Motivo del final"),
    "adsl_FUPDURD": ("Follow-up, days", "Seguimiento, días"),
    "adsl_LSTCNTDT": ("Last contact", "Último contacto"),
    "adsl_NCYCLES": ("Cycles", "Ciclos"),
    "adsl_RACE": ("Race", "Raza"),
    "adsl_RFICDT": ("Consent", "Consentimiento"),
    "adsl_SEX": ("Sex", "Sexo"),
    "adsl_TRTDURD": ("Treatment, days", "Tratamiento, días"),
    "adsl_TRTEDT": ("Last dose", "Última dosis"),
    "adsl_TRTONGFL": ("On treatment at the data cut", "En tratamiento en la fecha de corte"),
    "adsl_TRTSDT": ("First dose", "Primera dosis"),
    "after": ("After", "Después"),
    "after_mean": ("After, mean (SEM)", "Después, media (EEM)"),
    "analysed": ("Analysed", "Analizados"),
    "after_course": ("After the course", "Tras el tratamiento"),
    "any_event": ("Any event", "Algún acontecimiento"),
    "at_risk": ("At risk", "En riesgo"),
    "back": ("back", "de espaldas"),
    "baseline": ("Baseline", "Basal"),
    "baseline_mean": ("Baseline, mean (SD)", "Basal, media (DE)"),
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
    "characteristic": ("Characteristic", "Característica"),
    "clopper_pearson": ("exact (Clopper-Pearson)", "exacto (Clopper-Pearson)"),
    "completed": ("Completed", "Completaron"),
    "competing_first": ("Competing event first", "Acontecimiento competitivo primero"),
    "contents": ("Contents", "Contenido"),
    "continued": ("continued", "continuación"),
    "course_told": (
        "{subject} from {first} to {lowest} at week {lowest_week}, last {last} at week "
        "{last_week}",
        "{subject} de {first} a {lowest} en la semana {lowest_week}, último {last} en la "
        "semana {last_week}",
    ),
    "cumulative_incidence": ("Cumulative incidence", "Incidencia acumulada"),
    "data": ("Data", "Datos"),
    "data_captured": ("as captured", "tal como se recogieron"),
    "data_cut": ("Data cut", "Fecha de corte"),
    "data_foreign": ("foreign, unsigned: no manifest vouches for the files",
                     "externos, sin firmar: ningún manifiesto responde de los archivos"),
    "data_synthetic": ("synthetic: invented subjects, no patient data",
                       "sintéticos: sujetos inventados, sin datos de pacientes"),
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
    "empty_cell": ("Empty: the plan does not ask this of the population.",
                   "Vacío: el plan no lo pide en esta población."),
    "enrolled": ("Enrolled", "Incluidos"),
    "event": ("Event", "Acontecimiento"),
    "event_mark": ("Adverse event", "Acontecimiento adverso"),
    "events": ("Events", "Acontecimientos"),
    "events_of": ("{events} of {n} with the event", "{events} de {n} con el acontecimiento"),
    "few": ("Hollow marker: fewer than {few} values.",
            "Marcador hueco: menos de {few} valores."),
    "figure": ("Figure", "Figura"),
    "findings": ("Findings", "Hallazgos"),
    "findings_error": ("{n} errors about the data: see findings.csv",
                 "{n} errores sobre los datos: véase findings.csv"),
    "findings_error_1": ("1 error about the data: see findings.csv",
                 "1 error sobre los datos: véase findings.csv"),
    "findings_note": ("{n} notes about the data: see findings.csv",
                 "{n} notas sobre los datos: véase findings.csv"),
    "findings_note_1": ("1 note about the data: see findings.csv",
                 "1 nota sobre los datos: véase findings.csv"),
    "findings_warning": ("{n} warnings about the data: see findings.csv",
                 "{n} advertencias sobre los datos: véase findings.csv"),
    "findings_warning_1": ("1 warning about the data: see findings.csv",
                 "1 advertencia sobre los datos: véase findings.csv"),
    "first_answers": ("First answers", "Primeras respuestas"),
    "first_of": ("The first {n} of {all} subjects are drawn.",
                 "Se dibujan los primeros {n} de {all} sujetos."),
    "front": ("front", "de frente"),
    "grade": ("Grade", "Grado"),
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
    "in_population": ("{answer} of {population}", "{answer} de {population}"),
    "incidence": ("Cumulative incidence ({level} interval)",
                  "Incidencia acumulada (intervalo del {level})"),
    "incidence_last": (
        "incidence up to the last time {height} ({level} interval {bounds})",
        "incidencia hasta el último tiempo {height} (intervalo del {level} {bounds})",
    ),
    "incidence_of": (
        "{events} of {n} with the event first, {competing} with the competing event first",
        "{events} de {n} con el acontecimiento primero, {competing} con el competidor "
        "primero",
    ),
    "interval": ("{level} interval", "Intervalo del {level}"),
    "interval_censored": (
        "Events are seen at visits only: times are interval-censored, and taken as of the visit.",
        "Los acontecimientos solo se ven en las visitas: los tiempos tienen censura por intervalos "
        "y se toman en la visita."),
    "interval_mixed": ("Interval", "Intervalo"),
    "intervals": ("Intervals: {methods}.", "Intervalos: {methods}."),
    "last": ("Last", "Último"),
    "left_early": ("Left before the planned end", "Salieron antes del final previsto"),
    "limits_differ": (
        "Limits of normal differ between values: the bands are drawn with the most "
        "frequent ones, each value is graded with its own.",
        "Los límites de la normalidad difieren entre valores: las bandas usan los más "
        "frecuentes, cada valor se gradúa con los suyos.",
    ),
    "listing": ("Listing", "Listado"),
    "lowest": ("Lowest after baseline", "Mínimo tras la situación basal"),
    "mean": ("Mean", "Media"),
    "mean_before_after": ("mean before → after", "media antes → después"),
    "mean_change": ("Mean change ({level} interval)", "Cambio medio (intervalo del {level})"),
    "mean_change_any": ("Mean change (interval)", "Cambio medio (intervalo)"),
    "mean_sd": ("Mean (SD)", "Media (DE)"),
    "mean_sd_n": ("mean (SD), n", "media (DE), n"),
    "mean_sem": ("Mean ± SEM", "Media ± EEM"),
    "mean_sem_unit": ("Mean ± SEM, {unit}", "Media ± EEM, {unit}"),
    "median_events": ("Median of the subjects with the event (range), weeks",
                      "Mediana de los sujetos con el acontecimiento (rango), semanas"),
    "median_interval": ("Median ({level} interval), weeks",
                        "Mediana (intervalo del {level}), semanas"),
    "median_of": ("median {median} weeks ({level} interval {bounds})",
                  "mediana {median} semanas (intervalo del {level} {bounds})"),
    "median_quartiles": ("Median (quartiles)", "Mediana (cuartiles)"),
    "method": ("{name}: {method}.", "{name}: {method}."),
    "n": ("n", "n"),
    "n_both": ("n with both values", "n con ambos valores"),
    "n_figure": ("Below the axis: number of values at the visit.",
                 "Bajo el eje: número de valores en la visita."),
    "no": ("no", "no"),
    "no_assessment": (
        "No assessment before treatment or near the wanted week: not shown",
        "Sin evaluación antes del tratamiento o cerca de la semana pedida: no se muestra",
    ),
    "no_consent": ("No consent to publication: not shown",
                   "Sin consentimiento para la publicación: no se muestra"),
    "no_parts": ("Nothing to show.", "Nada que mostrar."),
    "no_result": ("no result", "sin resultado"),
    "no_subject": ("no subject", "ningún sujeto"),
    "no_values": ("No values to draw", "Sin valores que dibujar"),
    "no_version": ("none in force at the data cut", "ninguna vigente en la fecha de corte"),
    "not_asked": ("–: no value, or the question does not apply to the subject.",
                  "–: sin valor, o la pregunta no se aplica al sujeto."),
    "not_at_risk": (
        "Who cannot have the event, or is not asked, is not at risk and stands in no denominator.",
        "Quien no puede tener el acontecimiento, o no entra en la pregunta, no está en riesgo y no "
        "figura en ningún denominador."),
    "not_collected": ("not collected", "no recogido"),
    "not_drawn": ("Without a change that could be drawn: {subjects}.",
                  "Sin un cambio que dibujar: {subjects}."),
    "not_enrolled": ("Not enrolled: screening failed", "No incluidos: fallo de selección"),
    "not_known": ("Not known", "Desconocido"),
    "not_on_body": ("not drawn: {regions}", "no dibujado: {regions}"),
    "not_treated": ("Never treated", "Nunca tratados"),
    "nothing_found": ("nothing found", "sin hallazgos"),
    "numbers": ("The numbers of the figure", "Los números de la figura"),
    "numbers_behind": ("The numbers behind the figures", "Los números de las figuras"),
    "no_end": ("No end recorded", "Sin final registrado"),
    "of_these_unknown": ("{n} not known, counted as no", "{n} desconocido, contado como no"),
    "on_day": ("day {day}", "día {day}"),
    "other_dose": ("Other dose", "Otra dosis"),
    "outcome": ("Outcome", "Resultado"),
    "p": ("P, {test}", "P, {test}"),
    "paired_lines": ("A line for each subject with both values; diamonds: mean ± SEM.",
                     "Una línea por sujeto con ambos valores; rombos: media ± EEM."),
    "population": ("Population", "Población"),
    "population_enrolled": ("Every subject of the snapshot except screen failures",
                            "Todos los sujetos salvo los fallos de selección"),
    "population_first_cycle": ("Treated subjects whose first cycle lasted at least {days} days",
                               "Sujetos tratados cuyo primer ciclo duró al menos {days} días"),
    "population_screened": ("Every subject of the snapshot", "Todos los sujetos"),
    "population_treated": ("Subjects who took at least one dose",
                           "Sujetos que tomaron al menos una dosis"),
    "populations": ("Populations", "Poblaciones"),
    "proportion": ("Proportion", "Proporción"),
    "protocol_version": ("Protocol version", "Versión del protocolo"),
    "quartiles": ("Quartiles", "Cuartiles"),
    "range": ("Range", "Rango"),
    "region": ("Region", "Región"),
    "registration": ("Registration", "Registro"),
    "registration_open": ("not stated", "no consta"),
    "relapse": ("Relapse", "Recaída"),
    "rounding": ("Rounding", "Redondeo"),
    "rounding_rule": ("half away from zero, at printing only",
                      "la mitad se aleja de cero, solo al imprimir"),
    "screened": ("Screened", "Evaluados"),
    "sd": ("SD", "DE"),
    "sem": ("SEM", "EEM"),
    "serious_mark": ("Serious adverse event", "Acontecimiento adverso grave"),
    "shown_in": ("Population: {population}.", "Población: {population}."),
    "software": ("Software", "Programa"),
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
    "study": ("Study", "Estudio"),
    "study_day": ("Study day", "Día de estudio"),
    "study_digest": ("Study files, SHA-256", "Archivos del estudio, SHA-256"),
    "subject": ("Subject", "Sujeto"),
    "subject_absent": ("Not among the subjects of the data",
                       "No está entre los sujetos de los datos"),
    "subject_unclear": ("Several subjects have this number: name one in full",
                        "Varios sujetos tienen este número: indique uno completo"),
    "subjects": ("Subjects", "Sujetos"),
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
    "synthetic": ("Synthetic data: invented subjects, no patient data",
                  "Synthetic · Datos sintéticos: sujetos inventados, sin datos de pacientes"),
    "synthetic_line": (
        "synthetic: invented subjects, no patient data; "
        "these numbers say nothing about any drug",
        "synthetic (datos sintéticos): sujetos inventados, sin datos de pacientes; "
        "estos números no dicen nada de ningún fármaco"),
    "synthetic_mark": ("Synthetic data", "Synthetic · Datos sintéticos"),
    "stages": ("Stop with {r1} or fewer of {n1}; reject with {r} or fewer of {n}",
               "Parar con {r1} o menos de {n1}; rechazar con {r} o menos de {n}"),
    "table": ("Table", "Tabla"),
    "test_mann_whitney_asymptotic": ("Mann-Whitney, asymptotic", "Mann-Whitney, asintótica"),
    "test_mann_whitney_exact": ("Mann-Whitney, exact", "Mann-Whitney, exacta"),
    "test_paired_t": ("paired t", "t pareada"),
    "test_pooled_t": ("pooled t", "t con varianza común"),
    "test_signed_rank_asymptotic": ("signed-rank, asymptotic", "rangos con signo, asintótica"),
    "test_signed_rank_exact": ("signed-rank, exact", "rangos con signo, exacta"),
    "test_welch_t": ("Welch t", "t de Welch"),
    "threshold": ("Dashed line: {value}, a bound of the definition of response.",
                  "Línea discontinua: {value}, límite de la definición de respuesta."),
    "treated": ("Treated", "Tratados"),
    "treatment_ongoing": ("Treatment ongoing at the data cut",
                          "Tratamiento en curso en la fecha de corte"),
    "unpaired": ("takes baseline and visit as two groups and ignores the pairing",
                 "toma basal y visita como dos grupos e ignora el apareamiento"),
    "visit": ("Visit", "Visita"),
    "visit_mean": ("{visit}, mean (SD)", "{visit}, media (DE)"),
    "week": ("Week", "Semana"),
    "week_and_day": ("Week {week} (day {day})", "Semana {week} (día {day})"),
    "weeks": ("weeks", "semanas"),
    "weeks_from_dose": ("Weeks from the first dose", "Semanas desde la primera dosis"),
    "weeks_from_start": ("Weeks from the start of the interval",
                         "Semanas desde el inicio del intervalo"),
    "weeks_plus": ("Times in weeks; +: not seen up to the last assessment.",
                   "Tiempos en semanas; +: no observado hasta la última evaluación."),
    "who_counts": ("Who counts", "Quién cuenta"),
    "wilson": ("Wilson", "Wilson"),
    "without_drug": ("Without drug, followed up", "Sin fármaco, en seguimiento"),
    "without_event": ("Proportion without the event", "Proporción sin el acontecimiento"),
    "worst_grade": ("Worst grade after baseline", "Peor grado tras la situación basal"),
    "worst_value": ("Worst value", "Peor valor"),
    "yes": ("yes", "sí"),
}  # fmt: skip

LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language; English where the language is not there."""

    language: str = "en"

    def __call__(self, key: str, **values: str) -> str:
        texts = CATALOGUE[key]
        place = LANGUAGES.index(self.language) if self.language in LANGUAGES else 0
        return texts[place].format(**values) if values else texts[place]
