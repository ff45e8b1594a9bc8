namespace Newsletter.Inlining;

/// <summary>Ids, then classes and their like, then types (Selectors Level 4 §17), packed so that numbers compare as specificities do.</summary>
internal static class Specificity
{
    public const int Id = 1 << 20;
    public const int Class = 1 << 10;
    public const int Type = 1;

    private const int Most = 1023;

    /// <summary>The sum, each part for itself held below its limit: 1,024 classes are not an id.</summary>
    public static int Add(int a, int b)
    {
        var ids = Math.Min(Most, (a >> 20) + (b >> 20));
        var classes = Math.Min(Most, ((a >> 10) & Most) + ((b >> 10) & Most));
        var types = Math.Min(Most, (a & Most) + (b & Most));
        return (ids << 20) | (classes << 10) | types;
    }
}
