using System.Globalization;

namespace Newsletter.Composing;

/// <summary>Dates as readers of a language write them, without month names but in English: what a platform's tables say changes from year to year, and letters must not.</summary>
internal static class IssueDates
{
    /// <param name="date">The issue's.</param>
    /// <param name="lang">BCP 47.</param>
    public static string Text(DateOnly date, string lang) => date.ToString(Form(lang.ToLowerInvariant()), CultureInfo.InvariantCulture);

    private static string Form(string lang) => lang.Split('-')[0] switch
    {
        "en" when lang is "en-us" => "MMMM d, yyyy",
        "en" => "d MMMM yyyy",
        "de" or "pl" or "cs" or "sk" or "da" or "nb" or "no" or "fi" or "ru" or "uk" or "tr" or "ro" => "d'.'M'.'yyyy",
        "fr" or "es" or "it" or "pt" or "el" or "ca" => "d'/'M'/'yyyy",
        "nl" => "d'-'M'-'yyyy",
        "ja" or "zh" => "yyyy'年'M'月'd'日'",
        "ko" => "yyyy'년 'M'월 'd'일'",
        _ => "yyyy'-'MM'-'dd",
    };
}
