namespace Newsletter.Replies;

/// <summary>What an HTML text would have loaded from elsewhere. Nothing of it is.</summary>
/// <param name="Images">Images, sheets, fonts and the like.</param>
/// <param name="Pixels">Of these, images too small to be seen: they are there to tell who read the mail.</param>
public readonly record struct RemoteContent(int Images, int Pixels)
{
    private const int SmallestSeen = 3;
    private static readonly string[] Loading = ["src", "srcset", "background", "poster", "data", "lowsrc", "dynsrc", "xlink:href", "imagesrcset"];

    internal RemoteContent And(string name, IReadOnlyList<(string Name, string Value)> attributes)
    {
        var loads = attributes.Any(each => Loading.Contains(each.Name) && LeadsElsewhere(each.Value))
                    || attributes.Any(each => each.Name is "style" && AsksByStyle(each.Value))
                    || (name is "link" or "base" && attributes.Any(each => each.Name is "href" && LeadsElsewhere(each.Value)));
        return !loads ? this : new(Images + 1, Pixels + (name is "img" && attributes.Any(each => each.Name is "width" or "height" && int.TryParse(each.Value, out var size) && size < SmallestSeen) ? 1 : 0));
    }

    internal RemoteContent AndSheet(string css) => AsksByStyle(css) ? this with { Images = Images + 1 } : this;

    private static bool AsksByStyle(string css) =>
        (css.Contains("url(", StringComparison.OrdinalIgnoreCase) || css.Contains("@import", StringComparison.OrdinalIgnoreCase) || css.Contains("image-set", StringComparison.OrdinalIgnoreCase))
        && (css.Contains("//", StringComparison.Ordinal) || css.Contains('\\'));

    private static bool LeadsElsewhere(string address) => address.AsSpan().Trim() is var text && (text.StartsWith("//") || text.StartsWith("\\\\") || text.Contains("://", StringComparison.Ordinal) || text.StartsWith("http", StringComparison.OrdinalIgnoreCase));
}
