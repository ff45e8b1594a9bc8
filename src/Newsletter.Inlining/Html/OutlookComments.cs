namespace Newsletter.Inlining;

/// <summary>
/// What Outlook does not see: behind &lt;!--[if !mso]&gt;&lt;!--&gt; and before its end. Asked for one place after the other,
/// so that a document of many style sheets is read once.
/// </summary>
internal sealed class OutlookComments(string source)
{
    private int seen;
    private bool isOpen;

    /// <param name="place">Not before the one asked for last.</param>
    public bool Hide(int place)
    {
        while (seen < place && source.IndexOf("<!", seen, place - seen, StringComparison.Ordinal) is >= 0 and var at)
        {
            if (Is("<!--[if", at))
                isOpen = true;
            else if (Is("<![endif]", at))
                isOpen = false;
            seen = at + 2;
        }
        seen = Math.Max(seen, place);
        return isOpen;
    }

    private bool Is(string mark, int at) => string.Compare(source, at, mark, 0, mark.Length, StringComparison.OrdinalIgnoreCase) == 0;
}
