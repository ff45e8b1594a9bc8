using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Web;

/// <summary>The images of issues, at addresses made of their content: what a letter shows can never be changed after it was sent.</summary>
internal static partial class ImageEndpoints
{
    public static void MapImages(this IEndpointRouteBuilder pages) => pages.MapMethods($"/{IssueImage.Folder}/{{name}}", Verbs.Read, ShowAsync);

    private static async Task<IResult> ShowAsync(HttpContext context, string name, ImageShelf images)
    {
        if (Name().Match(name) is not { Success: true } match || await images.FindAsync(match.Groups["hash"].Value) is not { } image
            || ImageFile.EndingOf(image.MediaType) != match.Groups["ending"].Value)
            return TypedResults.NotFound();

        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        // An SVG is a document that can hold scripts: opened by itself it may run none and belongs to nobody.
        headers.ContentSecurityPolicy = SecurityHeaders.Images;
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"; // web mail shows it on pages of its own
        return TypedResults.Bytes(image.Content, image.MediaType, entityTag: new EntityTagHeaderValue($"\"{match.Groups["hash"].Value}\""));
    }

    [GeneratedRegex(@"^(?<hash>[0-9a-f]{32})\.(?<ending>[a-z]{3,4})\z")]
    private static partial Regex Name();
}
