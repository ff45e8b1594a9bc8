using Newsletter.Composing;

namespace Newsletter.Web;

/// <summary>The publication's images that a letter shows, from its folder: on the web they are only once the issue is sent.</summary>
internal sealed class PreviewImages(PreviewSetup setup)
{
    private readonly Uri site = new(setup.Publication.BaseUrl.TrimEnd('/') + "/");

    /// <summary>Our address for an image of the letter, published or carried with it; null for any other, which is shown from where it is.</summary>
    public string? AddressOf(Shown issue, string address) =>
        issue.Letter is { Images.Count: > 0 } letter && letter.Images.FirstOrDefault(image => image.Address(site).AbsoluteUri == address || $"cid:{image.ContentId(new(letter.WebUrl))}" == address) is { } found
            ? $"/images/{Uri.EscapeDataString(issue.Name)}/{found.FileName}"
            : null;

    /// <summary>The image of that name; null where the letter shows none.</summary>
    public static IssueImage? Find(Shown issue, string file) => issue.Letter?.Images.FirstOrDefault(image => image.FileName == file);
}
