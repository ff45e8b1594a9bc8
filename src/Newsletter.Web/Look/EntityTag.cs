using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Newsletter.Web;

/// <summary>Names a content by its hash, so that who has it already is not sent it again.</summary>
internal static class EntityTag
{
    /// <summary>Answers with a content that everybody may see, or with 304 where the asker has it.</summary>
    public static Task WriteAsync(HttpContext context, string content, string type)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..32]}\"";
        context.Response.Headers.ETag = tag;
        if (!IsKnown(context.Request, tag))
            return PageWriter.WriteAsync(context, StatusCodes.Status200OK, content, type);
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    /// <summary>RFC 9110 §13.1.2: weak comparison, and * for anything.</summary>
    private static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags)
        && tags.Any(known => known == EntityTagHeaderValue.Any || known.Compare(new(tag), useStrongComparison: false));
}
