namespace Newsletter.Composing;

/// <summary>The families in which a language's own signs are at home: without them a Japanese letter is set in Chinese shapes, and Word takes the first font it finds.</summary>
/// <param name="Sans">To go before <c>sans-serif</c>.</param>
/// <param name="Serif">To go before <c>serif</c>.</param>
internal sealed record FontsOf(string Sans, string Serif)
{
    private static readonly FontsOf None = new("", "");
    private static readonly FontsOf Japanese = new("'Hiragino Sans','Yu Gothic',Meiryo", "'Hiragino Mincho ProN','Yu Mincho'");
    private static readonly FontsOf Korean = new("'Apple SD Gothic Neo','Malgun Gothic'", "AppleMyungjo,Batang");
    private static readonly FontsOf Simplified = new("'PingFang SC','Microsoft YaHei'", "'Songti SC',SimSun");
    private static readonly FontsOf Traditional = new("'PingFang TC','Microsoft JhengHei'", "'Songti TC',PMingLiU");

    /// <param name="lang">BCP 47.</param>
    public static FontsOf Language(string lang) => lang.ToLowerInvariant().Split('-') switch
    {
        ["ja", ..] => Japanese,
        ["ko", ..] => Korean,
        ["zh", .. var more] => Array.Exists(more, part => part is "hant" or "tw" or "hk" or "mo") ? Traditional : Simplified,
        _ => None,
    };

    /// <summary>A list of families with these before its last, the generic one.</summary>
    public string In(string families)
    {
        var own = families.EndsWith("sans-serif", StringComparison.Ordinal) ? Sans : families.EndsWith("serif", StringComparison.Ordinal) ? Serif : "";
        return own.Length == 0 ? families : families.Insert(families.LastIndexOf(',') + 1, own + ",");
    }
}
