using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Newsletter.Web;

/// <summary>The style sheet of our pages. Its address changes with its content, so a browser may keep it for ever.</summary>
internal static class Stylesheet
{
    private static readonly byte[] Content = Read();

    /// <summary>Its path, without the path of the base address.</summary>
    public static string Path { get; } = $"/site.{Convert.ToHexStringLower(SHA256.HashData(Content))[..12]}.css";

    public static void MapStylesheet(this IEndpointRouteBuilder pages) => pages.MapMethods(Path, Verbs.Read, (HttpResponse response) =>
    {
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(Content, "text/css; charset=utf-8");
    });

    private static byte[] Read()
    {
        using var stream = typeof(Stylesheet).Assembly.GetManifestResourceStream("site.css")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
