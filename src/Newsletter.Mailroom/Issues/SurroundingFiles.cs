using System.Text;
using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Mailroom;

/// <summary>The surroundings of an issue, from the files of its publication: other issues, snippets, lists, images.</summary>
/// <param name="folder">The publication's folder.</param>
/// <param name="publication">Its address says which absolute ones are files of ours.</param>
/// <param name="issues">The folder's issues.</param>
internal sealed partial class SurroundingFiles(PublicationFolder folder, Publication publication, Func<IReadOnlyList<string>> issues)
{
    private const int MaxRecords = 16 * 1024 * 1024;

    /// <summary>In the order in which a list is looked for.</summary>
    private static readonly string[] DataEndings = [".yaml", ".yml", ".json", ".csv"];

    /// <summary>What of the publication may be published: never lists, keys, letters or mail.</summary>
    internal static readonly string[] Public = ["issues/", "images/", "img/", "assets/", "media/", "static/", "themes/"];

    /// <param name="issuePath">The issue's file; one outside of the publication's <c>issues/</c> has its own folder's images, and the publication's all the same.</param>
    public Surroundings Of(string issuePath)
    {
        var records = new Lazy<IReadOnlyDictionary<string, ImageFacts>>(Records);
        var lists = new Dictionary<string, DataList?>(StringComparer.Ordinal);
        var shelf = new IssueShelf(issues);
        return new()
        {
            Issues = shelf,
            Files = shelf.All,
            Snippet = Snippet,
            List = name => lists.TryGetValue(name, out var known) ? known : lists[name] = List(name),
            Image = address => Local(address, issuePath) ?? records.Value.GetValueOrDefault(address) ?? (Uri.TryCreate(address, UriKind.Absolute, out var whole) ? records.Value.GetValueOrDefault(whole.AbsoluteUri) : null),
        };
    }

    private MarkdownFile? Snippet(string name) => Name().IsMatch(name) ? Markdown($"snippets/{name}.md") : null;

    private MarkdownFile? Markdown(string file) =>
        new SafeFolder(folder.Root).Find(file) is { } path ? MarkdownFile.Read(Octets(path)) : null;

    private DataList? List(string name)
    {
        if (!Name().IsMatch(name))
            return null;
        foreach (var file in DataEndings.Select(ending => $"data/{name}{ending}"))
            if (new SafeFolder(folder.Root).Find(file) is { } path)
            {
                var form = Markdown($"data/{name}.md");
                return DataList.Read(file, Octets(path)) with { Form = form?.Text, FormProblems = form?.Problems ?? [] };
            }
        return null;
    }

    // One octet beyond the bound is enough for the file to be refused.
    private static byte[] Octets(string path)
    {
        using var file = File.OpenRead(path);
        var octets = new byte[Math.Min(file.Length, DataList.MaxBytes + 1)];
        return octets[..file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)];
    }

    private IReadOnlyDictionary<string, ImageFacts> Records() =>
        new SafeFolder(folder.Root).Find(ImageRecords.FileName) is { } path && new FileInfo(path).Length <= MaxRecords
            ? ImageRecords.Read(File.ReadAllText(path, Encoding.UTF8))
            : new Dictionary<string, ImageFacts>();

    /// <summary>Null for an address that is not ours. A relative one is meant from the issue's page and file; else from the publication's folder, as in other generators of pages.</summary>
    private ImageFacts? Local(string address, string issuePath)
    {
        var site = new Uri(publication.BaseUrl.TrimEnd('/') + "/");
        if (!Uri.TryCreate(new Uri(site, "issues/"), address, out var whole) || whole.Scheme is not ("http" or "https") || whole.Authority != site.Authority)
            return null;
        var isRelative = !address.StartsWith("//", StringComparison.Ordinal) && (!Uri.TryCreate(address, UriKind.Absolute, out var own) || own.IsFile);
        var path = Uri.UnescapeDataString(whole.AbsolutePath);
        var isBelow = path.StartsWith(site.AbsolutePath, StringComparison.Ordinal);
        if (!isBelow && !isRelative)
            return null; // of someone else on the same host
        var name = (isBelow ? path[site.AbsolutePath.Length..] : path).TrimStart('/');
        var file = Array.Exists(Public, part => name.StartsWith(part, StringComparison.Ordinal)) ? new SafeFolder(folder.Root).Find(name) : null;
        if (file is null && isRelative && name.StartsWith("issues/", StringComparison.Ordinal))
            file = Beside(issuePath, name["issues/".Length..]);
        return file is not null ? Facts(file) : isRelative ? new ImageFacts { Fault = ImageFault.Missing } : null;
    }

    private string? Beside(string issuePath, string name)
    {
        var home = Path.GetDirectoryName(Path.GetFullPath(issuePath))!;
        return home == folder.Issues
            ? Array.Exists(Public, part => name.StartsWith(part, StringComparison.Ordinal)) ? new SafeFolder(folder.Root).Find(name) : null
            : new SafeFolder(home).Find(name);
    }

    private static ImageFacts Facts(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > ImageFacts.MaxBytes)
            return new() { Bytes = length, Fault = ImageFault.TooLarge };
        var content = File.ReadAllBytes(path);
        return ImageFile.Read(content) is { Fault: ImageFault.None } image ? image with { Bytes = content.Length, Content = content } : new() { Bytes = content.Length, Fault = ImageFault.NoImage };
    }

    [GeneratedRegex(@"^[A-Za-z0-9](-?[A-Za-z0-9_])*\z")]
    private static partial Regex Name();
}
