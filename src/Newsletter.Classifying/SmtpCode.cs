namespace Newsletter.Classifying;

/// <summary>The reply code in a server's words (RFC 5321 §4.2).</summary>
internal static class SmtpCode
{
    /// <summary>The first number of three digits, 400 to 599, that stands alone; null where there is none.</summary>
    public static int? Find(string text)
    {
        for (var i = 0; i + 3 <= text.Length; i++)
        {
            if (text[i] is not ('4' or '5') || !char.IsAsciiDigit(text[i + 1]) || !char.IsAsciiDigit(text[i + 2]))
                continue;
            var starts = i == 0 || text[i - 1] is ' ' or ';' or ':' or '\n' or '"' or '\'' or '(' or '<';
            var ends = i + 3 == text.Length || text[i + 3] is ' ' or '-' or ':' or '#' or '\n';
            if (starts && ends)
                return ((text[i] - '0') * 100) + ((text[i + 1] - '0') * 10) + (text[i + 2] - '0');
        }
        return null;
    }
}
