namespace Newsletter.Replies;

/// <summary>Until when somebody is away, as an automatic answer tells it. For the eye alone: nothing acts on it.</summary>
/// <param name="Day">The day of return, or the last day away.</param>
/// <param name="IsReturn">Which of the two.</param>
/// <param name="Words">The words that tell it, one line.</param>
public sealed record Absence(DateOnly Day, bool IsReturn, string Words)
{
    private const int MaxText = 4_000;
    private const int MostPlaces = 40;
    private const int Reach = 45;

    /// <summary>Days further off are a slip of the pen, or no return at all.</summary>
    private const int FarthestDays = 400;

    private static readonly IReadOnlyList<Rule> Rules = [.. Read("return", true, false), .. Read("return behind", true, true), .. Read("until", false, false), .. Read("until behind", false, true)];

    private sealed record Rule(string Language, string Words, bool IsReturn, bool IsBehind);

    /// <summary>Looks for the day in a text in any of the languages of the rules; null where none is sure (3/4 may be in March or in April).</summary>
    /// <param name="text">Subject and words.</param>
    /// <param name="today">The day the mail came.</param>
    public static Absence? Find(string text, DateOnly today)
    {
        var lower = text[..Math.Min(text.Length, MaxText)].ToLowerInvariant().ReplaceLineEndings(" ");
        foreach (var rule in Rules)
            for (var (at, seen) = (lower.IndexOf(rule.Words, StringComparison.Ordinal), 0); at >= 0 && seen < MostPlaces; at = lower.IndexOf(rule.Words, at + 1, StringComparison.Ordinal), seen++)
                if (IsWord(lower, at, rule) && At(lower, at, rule, today) is { } found)
                    return found;
        return null;
    }

    private static Absence? At(string lower, int at, Rule rule, DateOnly today)
    {
        var end = at + rule.Words.Length;
        var (start, stop) = rule.IsBehind ? (Math.Max(0, at - 24), at) : (end, Math.Min(lower.Length, end + Reach));
        var day = rule.IsBehind ? WrittenDay.EndsIn(lower[start..stop], today) : WrittenDay.BeginsIn(lower[start..stop], today, isDayFirst: rule.Language != "en");
        return day is { } known && known >= today && known <= today.AddDays(FarthestDays)
            ? new(known, rule.IsReturn, lower[(rule.IsBehind ? start : at)..(rule.IsBehind ? end : Math.Min(stop, end + 24))].Trim())
            : null;
    }

    /// <summary>"do" in Polish is until, and not the end of "quando".</summary>
    private static bool IsWord(string text, int at, Rule rule) =>
        rule.Words[0] > '\u2E7F' || rule.IsBehind || ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (at + rule.Words.Length >= text.Length || !char.IsLetter(text[at + rule.Words.Length])));

    private static IEnumerable<Rule> Read(string section, bool isReturn, bool isBehind) =>
        AwayWords.Of(section).Select(line => new Rule(line[..2], line[3..], isReturn, isBehind)).OrderByDescending(rule => rule.Words.Length);
}

/// <summary>The rules of absences: <c>away-words.txt</c>, by section.</summary>
internal static class AwayWords
{
    private static readonly ILookup<string, string> Sections = EmbeddedText.Sections("Replies.away-words.txt");

    public static IEnumerable<string> Of(string section) => Sections[section];

    /// <summary>Word to number.</summary>
    public static Dictionary<string, int> Numbers(string section)
    {
        var numbers = new Dictionary<string, int>();
        foreach (var words in Sections[section].Select(line => line.Split(' ')))
            foreach (var word in words.Skip(1))
                numbers.TryAdd(word, int.Parse(words[0], provider: null));
        return numbers;
    }
}
