using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Newsletter.Web;

/// <summary>The desk's style sheet and script, in the program itself. Their addresses change with their content.</summary>
internal sealed class PreviewAssets
{
    private readonly byte[] content;
    private readonly string type;

    private PreviewAssets(string name, string ending, string type)
    {
        using var stream = typeof(PreviewAssets).Assembly.GetManifestResourceStream($"{name}.{ending}")!;
        content = new byte[stream.Length];
        stream.ReadExactly(content);
        this.type = type;
        Path = $"/{name}.{Convert.ToHexStringLower(SHA256.HashData(content))[..12]}.{ending}";
    }

    public static PreviewAssets Style { get; } = new("preview", "css", "text/css; charset=utf-8");

    public static PreviewAssets Script { get; } = new("preview", "js", "text/javascript; charset=utf-8");

    public string Path { get; }

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }
}
