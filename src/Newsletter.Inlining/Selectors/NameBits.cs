namespace Newsletter.Inlining;

/// <summary>
/// One of 64 bits for a name, id or class: if an element lacks a bit that a selector asks of its ancestors, no ancestor
/// fits, and none is looked at. Letters of either case have the same bit, since quirks mode does not tell them apart.
/// </summary>
internal static class NameBits
{
    public static ulong Of(string name)
    {
        var hash = (uint)name.Length;
        foreach (var c in name)
        {
            if (c >= 0x80)
                return 0; // no bit is asked for, and none is given
            hash = (hash * 31) + (uint)(c | 0x20);
        }
        return 1UL << (int)((hash ^ (hash >> 11)) & 63);
    }
}
