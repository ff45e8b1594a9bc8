using System.Text;
using System.Text.RegularExpressions;
using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>Makes refusals alike that differ in addresses, numbers, links and ids alone, so that a wave of them is seen as one.</summary>
public static partial class WaveWords
{
    private const int MaxRead = 2_000;
    private const int MaxWords = 24;
    private const int MaxLength = 200;
    private static readonly char[] Marks = ['.', ',', ';', ':', '!', '?', '(', ')', '[', ']', '<', '>', '"', '\'', '`', '*', '='];

    /// <summary>The key of a refusal: its reason and the phrase that gave it, which reports and replies share; where there is no phrase, all of the server's words.</summary>
    public static string KeyOf(BounceVerdict verdict, string evidence, EmailAddress? reader) =>
        $"{verdict.ReasonWord}: {Alike(verdict.Words.Any(char.IsLetter) ? verdict.Words : evidence, reader)}";

    /// <summary>The words without what differs from letter to letter. Names nobody: safe to keep and to show.</summary>
    public static string Alike(string text, EmailAddress? reader = null)
    {
        var local = reader?.Key[..reader.Key.IndexOf('@')];
        var alike = new StringBuilder();
        var (count, before) = (0, "");
        foreach (var word in (text.Length > MaxRead ? text[..MaxRead] : text).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var like = WordAlike(word.Trim(Marks), local);
            if (like.Length == 0 || (like == before && like is "#" or "@"))
                continue;
            if (++count > MaxWords || alike.Length + like.Length >= MaxLength)
                break;
            alike.Append(alike.Length > 0 ? " " : "").Append(like);
            before = like;
        }
        return alike.ToString();
    }

    /// <summary>One server's own answer for a person to read: not where it stood in the report, no addresses, of links the host. Names nobody: safe to keep and to show.</summary>
    public static string Answer(string evidence, EmailAddress? reader)
    {
        var local = reader?.Key[..reader.Key.IndexOf('@')];
        var words = Place().Replace(evidence.Length > MaxRead ? evidence[..MaxRead] : evidence, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var answer = string.Join(' ', words.Select(word => WordShown(string.Concat(word.Where(letter => !char.IsControl(letter))), local)));
        return answer.Length > MaxLength ? $"{answer[..(MaxLength - 1)].TrimEnd()}…" : answer;
    }

    private static string WordShown(string word, string? local)
    {
        if (word.Contains('@') || (local is { Length: > 0 } && word.Trim(Marks).Equals(local, StringComparison.OrdinalIgnoreCase)))
            return "(address)";
        var host = word.IndexOf("://", StringComparison.Ordinal) + 3;
        return host > 2 && word.IndexOfAny(['/', '?', '#'], host) is > 0 and var end ? $"{word[..end]}/…" : word;
    }

    /// <summary>Where the classifier found the words, and the fields of a report before the server's own.</summary>
    [GeneratedRegex(@"^part \d+ \([^)]*\), line \d+: (?:Action: [^;]*; Status: [^;]*; (?:smtp; ?)?(?=\S))?", RegexOptions.IgnoreCase)]
    private static partial Regex Place();

    private static string WordAlike(string word, string? local)
    {
        if (word.Contains('@') || (local is { Length: > 0 } && word == local))
            return "@";
        if (word.Contains("://", StringComparison.Ordinal) || word.StartsWith("www.", StringComparison.Ordinal))
            return "link";
        if (word.Any(char.IsDigit))
            return "#";
        return word.Contains('.') ? "host" : string.Concat(word.Where(letter => !char.IsControl(letter)));
    }
}
