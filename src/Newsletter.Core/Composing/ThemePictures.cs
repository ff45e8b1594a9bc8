using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>The images that a theme's own files show, such as a logo: beside the theme (<c>themes/NAME/images/</c>) or among the publication's. They are published as an issue's are.</summary>
/// <param name="theme">Its folder's name.</param>
/// <param name="surroundings">Where they are looked up.</param>
/// <param name="pictures">Takes them.</param>
/// <param name="problems">What is wrong, named as the theme's.</param>
internal sealed partial class ThemePictures(string theme, Surroundings surroundings, Pictures pictures, ICollection<IssueProblem> problems)
{
    /// <summary>The file with the addresses at which they will be; absolute ones and those with a tag in them stay.</summary>
    /// <param name="source">HTML or a style sheet.</param>
    /// <param name="file">Its name.</param>
    public string Settle(string source, string file) =>
        (file.EndsWith(".css", StringComparison.Ordinal) ? InSheet() : InTag()).Replace(source, match => IsCommentedOut(source, match.Index) ? match.Value :
            match.Groups["before"].Value + Settled(match.Groups["address"].Value, source, match.Groups["address"].Index, file) + match.Groups["behind"].Value);

    // Not within a conditional comment, which is there for Outlook.
    private static bool IsCommentedOut(string source, int at) => source.LastIndexOf("<!--", at, StringComparison.Ordinal) is >= 0 and var open
        && !source.AsSpan(open, at - open).Contains("-->", StringComparison.Ordinal) && !source.AsSpan(open).StartsWith("<!--[if", StringComparison.OrdinalIgnoreCase);

    private string Settled(string address, string source, int offset, string file)
    {
        if (Scheme().IsMatch(address))
            return address;
        var beside = $"/themes/{theme}/{address.TrimStart('/')}";
        var chosen = surroundings.Image(beside) is { Fault: ImageFault.Missing } ? "/" + address.TrimStart('/') : beside;
        if (surroundings.Image(chosen) is null)
            return address;
        return pictures.Take(chosen, (severity, code, message, hint) =>
        {
            var line = source.AsSpan(0, offset).Count('\n') + 1;
            var column = offset - source.LastIndexOf('\n', Math.Max(0, offset - 1));
            var isMissing = code == "image-missing";
            problems.Add(ThemeProblem.At(file, new(line, column, severity, code, isMissing ? $"there is no image `{Excerpt.Of(address, 60)}`" : message, isMissing ? $"put the file into themes/{theme}/images/ and write images/NAME, or write its whole address with https://" : hint)));
        });
    }

    [GeneratedRegex("""(?<before><[a-zA-Z][^<>]*?\s(?:src|background)\s*=\s*(?<quote>["'])?)(?<address>(?>[^"'{}<>\s#]+))(?<behind>(?(quote)\k<quote>|(?=[\s>])))""", RegexOptions.IgnoreCase)]
    private static partial Regex InTag();

    [GeneratedRegex("""(?<before>\burl\(\s*["']?)(?<address>[^"'(){}<>\s#]+)(?<behind>["']?\s*\))""", RegexOptions.IgnoreCase)]
    private static partial Regex InSheet();

    [GeneratedRegex("^([a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();
}
