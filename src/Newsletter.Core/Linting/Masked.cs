using Newsletter.Composing;

namespace Newsletter.Linting;

/// <summary>The Markdown with every tag of Liquid overwritten by signs that Markdown takes for letters: each place of the text stays where it was.</summary>
internal static class Masked
{
    /// <summary>Stands for a value that each reader sees another of.</summary>
    public const char Value = '\uE000';

    /// <summary>Stands for a tag that shows nothing: if, else, endif, raw.</summary>
    public const char Control = '\uE001';

    public static string Of(string body)
    {
        if (!body.Contains('{', StringComparison.Ordinal))
            return body;

        var pieces = new LiquidScanner(body, 1, 1, []).Scan();
        var text = new char[body.Length];
        for (var i = 0; i < text.Length; i++)
            text[i] = body[i] == '\n' ? '\n' : Control;
        for (var i = 0; i < pieces.Count; i++)
            if (pieces[i] is { Tag: null } plain)
                plain.Text.CopyTo(0, text, plain.Offset, plain.Text.Length);
            else if (pieces[i].Tag is { Kind: TagKind.Output })
                Fill(text, pieces[i].Offset, EndOf(body, pieces[i].Offset));
        return new string(text);
    }

    public static bool IsTag(char c) => c is Value or Control;

    private static int EndOf(string body, int open) => body.IndexOf("}}", open, StringComparison.Ordinal) is >= 0 and var close ? close + 2 : body.Length;

    private static void Fill(char[] text, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (text[i] != '\n')
                text[i] = Value;
    }
}
