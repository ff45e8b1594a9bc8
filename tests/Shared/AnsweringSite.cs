using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Newsletter.Testing;

/// <summary>A site of our own on loopback, whose paths say what it answers. By the name <c>localhost</c> it is another host.</summary>
public sealed class AnsweringSite : IAsyncDisposable
{
    private readonly WebApplication _server;

    private AnsweringSite(WebApplication server) => _server = server;

    /// <summary>Such as <c>http://127.0.0.1:4711</c>.</summary>
    public string Base => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>What was asked for, such as <c>HEAD /fine</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Called before each answer, with the path.</summary>
    public Action<string> Hears { get; set; } = _ => { };

    public static async Task<AnsweringSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var site = new AnsweringSite(builder.Build());
        site._server.Run(site.AnswerAsync);
        await site._server.StartAsync();
        return site;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Asked.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        Hears(context.Request.Path);
        await AnswerAsync(context, HttpMethods.IsHead(context.Request.Method));
    }

    private static async Task AnswerAsync(HttpContext context, bool isHead)
    {
        var response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/fine":
                response.ContentType = "text/html";
                await response.WriteAsync("fine");
                break;
            case "/head-refused":
                response.StatusCode = isHead ? 405 : 200;
                break;
            case "/head-lies":
                response.StatusCode = isHead ? 404 : 200;
                break;
            case "/moved" or "/moved-to-gone" or "/round" or "/to-file" or "/to-metadata":
                response.StatusCode = 301;
                response.Headers.Location = context.Request.Path.Value switch { "/moved" => "/fine", "/moved-to-gone" => "/gone", "/round" => "/round", "/to-file" => "file:///etc/passwd", _ => "http://169.254.169.254/latest" };
                break;
            case "/to-and-fro":
                var hop = context.Request.QueryString.Value![1] - '0';
                response.StatusCode = hop < 4 ? 301 : 200;
                response.Headers.Location = hop < 4 ? $"http://{(hop % 2 == 1 ? "localhost" : "127.0.0.1")}:{context.Request.Host.Port}/to-and-fro?{hop + 1}" : default;
                break;
            case "/tarry":
                response.StatusCode = 302;
                response.Headers.Location = $"/tarry{context.Request.QueryString}1";
                break;
            case "/to-enough":
                response.StatusCode = 302;
                response.Headers.Location = $"http://localhost:{context.Request.Host.Port}/enough{context.Request.QueryString}";
                break;
            case "/to-no-host" or "/to-long-host" or "/to-dead-host" or "/to-nothing":
                response.StatusCode = 302;
                response.Headers.Location = context.Request.Path.Value switch { "/to-no-host" => "http://a..b/", "/to-long-host" => $"http://{new string('a', 300)}.example/", "/to-dead-host" => $"http://{new string('a', 60)}.{string.Join('.', Enumerable.Repeat(new string('b', 60), 4))}.example/", _ => default };
                break;
            case "/no-image":
                response.ContentType = "image/png";
                await response.WriteAsync("<html>no image</html>");
                break;
            case "/moved-for-now":
                response.StatusCode = 302;
                response.Headers.Location = "/fine";
                break;
            case "/cut":
                context.Abort();
                break;
            case "/hangs":
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "/bee.png":
                response.StatusCode = 206;
                response.ContentType = "image/png";
                response.Headers.ContentRange = "bytes 0-4095/400000";
                await response.Body.WriteAsync(Png());
                break;
            case var path:
                response.StatusCode = path switch { "/gone" => 410, "/forbidden" => 403, "/broken" => 500, "/enough" => 429, "/busy" => 503, _ => 404 };
                break;
        }
    }

    // The head of a PNG: all that is read of it.
    private static byte[] Png()
    {
        var bytes = new byte[4096];
        byte[] head = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];
        head.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), 640);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), 480);
        return bytes;
    }
}
