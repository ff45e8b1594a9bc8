using System.Globalization;

namespace Newsletter.Returns;

/// <summary>How many were refused alike, and what is usual.</summary>
/// <param name="Readers">Readers refused alike within the window.</param>
/// <param name="Reached">Of these, readers who took an earlier edition: a stale list that was read in has none.</param>
/// <param name="Letters">Letters to the same provider (or to all) in the same time; counted only as far as <see cref="IncidentRules.MostLetters"/>.</param>
/// <param name="EarlierReached">Readers so refused before the window who had taken an edition before, over <paramref name="EarlierEditions"/>.</param>
/// <param name="EarlierEditions">Editions of the time before.</param>
public sealed record WaveCount(long Readers, long Reached, long Letters, long EarlierReached, long EarlierEditions);

/// <summary>When many refusals alike are one event of a server's, or of ours, and not many dead addresses. Pure.</summary>
/// <remarks>
/// Two signs. Half of all letters to a provider do not lose their readers at once. And readers who took last week's letter do not die in numbers on one day:
/// of these a few in a hundred are enough, where there were hardly any before.
/// </remarks>
public sealed record IncidentRules
{
    /// <summary>The defaults.</summary>
    public static IncidentRules Usual { get; } = new();

    /// <summary>Whether waves are looked for.</summary>
    public bool Watch { get; init; } = true;

    /// <summary>So many readers of one provider at least.</summary>
    public int Readers { get; init; } = 20;

    /// <summary>So many times <see cref="Readers"/> where refusals alike come from all sides: servers' stock phrases are the same everywhere.</summary>
    public int Everywhere { get; init; } = 3;

    /// <summary>Within this time.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>This share of the letters of that time is a wave whatever was before.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>This share is one, where all of them had taken an edition before…</summary>
    public double ReachedShare { get; init; } = 0.03;

    /// <summary>…and it is so many times what an edition usually has.</summary>
    public double Times { get; init; } = 8;

    /// <summary>So long earlier editions are looked at for what is usual.</summary>
    public TimeSpan Before { get; init; } = TimeSpan.FromDays(60);

    /// <summary>Whether the edition is paused.</summary>
    public bool Pauses { get; init; } = true;

    /// <summary>An open incident takes in refusals alike of other editions for so long after its last one.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Whether so many that it is worth the while to count letters; only at some numbers, for counting takes its time.</summary>
    public bool IsWorthCounting(long readers, bool everywhere) => Watch && Least(everywhere) is var least && readers >= least && (readers - least) % Math.Max(1, least / 4) == 0;

    /// <summary>More letters than this change nothing any more: the counting may end there.</summary>
    public long MostLetters(long readers) => (long)(readers / Math.Min(Share, ReachedShare)) + 1;

    /// <summary>Why this is a wave, in words for a person; null where it is none.</summary>
    public string? Look(WaveCount count, bool everywhere)
    {
        var letters = Math.Max(count.Letters, count.Readers);
        if (count.Readers >= Least(everywhere) && count.Readers >= Share * letters)
            return Text($"{count.Readers} readers refused alike within {Minutes}, {Percent(count.Readers, letters)} of the letters of that time");
        if (count.EarlierEditions > 0 && count.Reached >= Least(everywhere) && count.Reached >= ReachedShare * letters
            && count.Reached >= Times * count.EarlierReached / count.EarlierEditions)
            return Text($"{count.Readers} readers refused alike within {Minutes}, {count.Reached} of whom had taken an earlier edition; usual are {(double)count.EarlierReached / count.EarlierEditions:0.#} an edition");
        return null;
    }

    private string Minutes => Text($"{Window.TotalMinutes:0} minutes");

    private int Least(bool everywhere) => everywhere ? Readers * Everywhere : Readers;

    private static string Percent(long part, long all) => Text($"{100.0 * part / all:0.#} %");

    private static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
