using System.Collections.Frozen;
using System.Globalization;

namespace Newsletter.Composing;

/// <summary>Dates as readers of a language write them. The names of months are ours: what a platform's tables say changes from year to year, and letters must not.</summary>
internal static class IssueDates
{
    // Months stand in the form that they have behind a day (genitive, partitive), after CLDR's long date.
    private static readonly FrozenDictionary<string, Form> Forms = new Dictionary<string, Form>
    {
        ["en-us"] = new("{m} {d}, {y}", "January February March April May June July August September October November December"),
        ["en"] = new("{d} {m} {y}", "January February March April May June July August September October November December"),
        ["de"] = new("{d}. {m} {y}", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        ["nl"] = new("{d} {m} {y}", "januari februari maart april mei juni juli augustus september oktober november december"),
        ["da"] = new("{d}. {m} {y}", "januar februar marts april maj juni juli august september oktober november december"),
        ["no"] = new("{d}. {m} {y}", "januar februar mars april mai juni juli august september oktober november desember"),
        ["sv"] = new("{d} {m} {y}", "januari februari mars april maj juni juli augusti september oktober november december"),
        ["is"] = new("{d}. {m} {y}", "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember"),
        ["fi"] = new("{d}. {m} {y}", "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta"),
        ["fr"] = new("{d} {m} {y}", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", First: "1er"),
        ["it"] = new("{d} {m} {y}", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
        ["es"] = new("{d} de {m} de {y}", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        ["pt"] = new("{d} de {m} de {y}", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
        ["ca"] = new("{d} {m} del {y}", "de_gener de_febrer de_març d’abril de_maig de_juny de_juliol d’agost de_setembre d’octubre de_novembre de_desembre"),
        ["ro"] = new("{d} {m} {y}", "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie"),
        ["pl"] = new("{d} {m} {y}", "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"),
        ["cs"] = new("{d}. {m} {y}", "ledna února března dubna května června července srpna září října listopadu prosince"),
        ["sk"] = new("{d}. {m} {y}", "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra"),
        ["sl"] = new("{d}. {m} {y}", "januar februar marec april maj junij julij avgust september oktober november december"),
        ["hr"] = new("{d}. {m} {y}.", "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca"),
        ["hu"] = new("{y}. {m} {d}.", "január február március április május június július augusztus szeptember október november december"),
        ["lt"] = new("{y} m. {m} {d} d.", "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio"),
        ["ru"] = new("{d} {m} {y} г.", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
        ["uk"] = new("{d} {m} {y} р.", "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"),
        ["bg"] = new("{d} {m} {y} г.", "януари февруари март април май юни юли август септември октомври ноември декември"),
        ["el"] = new("{d} {m} {y}", "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου"),
        ["tr"] = new("{d} {m} {y}", "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"),
        ["he"] = new("{d} {m} {y}", "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר"),
        ["ar"] = new("{d} {m} {y}", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
        ["ja"] = new("{y}年{m}月{d}日", "1 2 3 4 5 6 7 8 9 10 11 12"),
        ["zh"] = new("{y}年{m}月{d}日", "1 2 3 4 5 6 7 8 9 10 11 12"),
        ["ko"] = new("{y}년 {m}월 {d}일", "1 2 3 4 5 6 7 8 9 10 11 12"),
    }.ToFrozenDictionary();

    /// <summary>In a language that is not known: year, month, day (ISO 8601).</summary>
    /// <param name="date">The issue's.</param>
    /// <param name="lang">BCP 47.</param>
    public static string Text(DateOnly date, string lang)
    {
        var (whole, language) = (lang.ToLowerInvariant(), lang.ToLowerInvariant().Split('-')[0]);
        var form = Forms.GetValueOrDefault(whole) ?? Forms.GetValueOrDefault(language is "nb" or "nn" ? "no" : language);
        return form?.Text(date) ?? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <param name="Pattern">With <c>{d}</c>, <c>{m}</c> and <c>{y}</c>.</param>
    /// <param name="Months">Twelve, with blanks between; a blank of their own is an underscore.</param>
    /// <param name="First">The first day of a month, where it is written another way.</param>
    private sealed record Form(string Pattern, string Months, string First = "1")
    {
        public string Text(DateOnly date) => Pattern
            .Replace("{d}", date.Day == 1 ? First : date.Day.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{m}", Months.Split(' ')[date.Month - 1].Replace('_', ' '), StringComparison.Ordinal)
            .Replace("{y}", date.Year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
