using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Newsletter.Issues;
using Newsletter.Linting;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Issues;

/// <summary>Against a server of our own on loopback.</summary>
public sealed class WebVisitsTests
{
    private static readonly ConcurrentQueue<string> Asked = new();
    private static WebApplication _server = null!;
    private static string _base = "";
    private static int _now;
    private static int _most;

    [OneTimeSetUp]
    public static async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync();
        _base = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    [OneTimeTearDown]
    public static async Task Stop() => await _server.DisposeAsync();

    [TestCase("/fine", null)]
    [TestCase("/gone", "online-dead")]
    [TestCase("/missing", "online-dead")]
    [TestCase("/head-refused", null)]
    [TestCase("/head-lies", null)]
    [TestCase("/forbidden", null)]
    [TestCase("/broken", "online-unreached")]
    [TestCase("/moved", "online-moved")]
    [TestCase("/moved-for-now", null)]
    [TestCase("/moved-to-gone", "online-dead")]
    [TestCase("/round", "online-unreached")]
    [TestCase("/to-file", "online-unreached")]
    [TestCase("/cut", "online-unreached")]
    [TestCase("/hangs", "online-unreached")]
    public async Task A_page_is_judged_by_its_answer(string path, string? code)
    {
        var address = Link(path);

        var visit = await VisitAsync(address);

        Assert.That(visit.Finding(address)?.Code, Is.EqualTo(code), visit.ToString());
    }

    [Test]
    public async Task A_host_that_does_not_listen_is_said_to_refuse()
    {
        var address = new WebAddress(new("http://127.0.0.1:9/x"), false, 1, 1);

        var visit = await VisitAsync(address);

        Assert.That(visit.Finding(address)?.Message, Does.Contain("refuses the connection"));
    }

    [Test]
    public async Task This_machine_is_not_asked_unless_it_is_the_publications_own()
    {
        using var visits = new WebVisits(Some.Publication(), Quick with { AllowsPrivate = false }, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/never")], _ => { }, default);

        Assert.That(seen.Values.Single().Trouble, Does.Contain("of this machine or of a private network"));
        Assert.That(Asked, Has.None.Contains("/never"));

        using var own = new WebVisits(Publication(), Quick with { AllowsPrivate = false }, TimeProvider.System);
        Assert.That((await own.AllAsync([Link("/fine")], _ => { }, default)).Values.Single().Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_publication_whose_host_has_letters_beyond_ascii_may_ask()
    {
        using var visits = new WebVisits(Publication("https://bücher.example"), Quick, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/fine")], _ => { }, default);

        Assert.That(seen.Values.Single().Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_redirect_leads_to_no_private_network_either()
    {
        using var visits = new WebVisits(Publication(), Quick with { AllowsPrivate = false }, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/to-metadata")], _ => { }, default);

        Assert.That(seen.Values.Single().Trouble, Does.Contain("of this machine or of a private network"));
    }

    [Test]
    public async Task An_address_is_asked_once_and_a_host_one_at_a_time()
    {
        using var visits = new WebVisits(Publication(), Quick, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/slow?1"), Link("/slow?2#a"), Link("/slow?2#b"), Link("/slow?3")], _ => { }, default);

        Assert.That(seen, Has.Count.EqualTo(3));
        Assert.That(_most, Is.EqualTo(1));
        Assert.That(Asked.Where(one => one.Contains("/slow", StringComparison.Ordinal)), Is.EquivalentTo(new[] { "HEAD /slow?1", "HEAD /slow?2", "HEAD /slow?3" }));
    }

    [Test]
    public async Task A_redirect_waits_for_the_pause_of_the_host_it_leads_to()
    {
        var time = new NotedTime();
        using var visits = new WebVisits(Publication(), Quick with { Pause = TimeSpan.FromSeconds(7) }, time);

        var seen = await visits.AllAsync([Link("/to-and-fro?1")], _ => { }, default);

        Assert.That(seen.Values.Single().Final.PathAndQuery, Is.EqualTo("/to-and-fro?4"));
        Assert.That(time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7) }), "before the second request to each of two hosts");
    }

    [Test]
    public async Task A_host_that_has_enough_is_left_alone()
    {
        using var visits = new WebVisits(Publication(), Quick, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/enough?1"), Link("/enough?2"), Link("/enough?3")], _ => { }, default);

        Assert.That(seen.Values.Select(visit => visit.Status), Is.All.EqualTo(429));
        Assert.That(Asked.Count(one => one.Contains("/enough", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_seen_of_an_image_is_kept_for_rendering()
    {
        using var folder = new TemporaryFolder();
        var image = new WebAddress(new(_base + "/bee.png"), true, 1, 1);
        var page = new WebAddress(new(_base + "/fine"), true, 1, 1);
        var lint = new OnlineLint(new(folder.Path), Publication(), Quick, TimeProvider.System);

        var seen = await lint.VisitAsync([image, page], _ => { }, default);

        Assert.That(seen(image)!.Finding(image), Is.Null);
        Assert.That(seen(page)!.Finding(page)!.Code, Is.EqualTo("online-type"));
        var records = ImageRecords.Read(await File.ReadAllTextAsync(Path.Combine(folder.Path, ImageRecords.FileName)));
        Assert.That(records.Keys, Is.EqualTo(new[] { _base + "/bee.png" }));
        Assert.That((records[_base + "/bee.png"].Width, records[_base + "/bee.png"].Height, records[_base + "/bee.png"].Bytes), Is.EqualTo((640, 480, 400_000L)));
    }

    [TestCase("{ \"https://example.org/a.png\": { \"width\": 640 }")]
    [TestCase("[]")]
    [TestCase("<<<<<<< ours\n{}\n")]
    public async Task Records_that_cannot_be_read_are_left_as_they_are_and_it_is_said(string broken)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, ImageRecords.FileName);
        await File.WriteAllTextAsync(path, broken);
        var lint = new OnlineLint(new(folder.Path), Publication(), Quick, TimeProvider.System);

        var seen = await lint.VisitAsync([new(new(_base + "/bee.png"), true, 1, 1)], _ => { }, default);

        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(broken));
        Assert.That(lint.Trouble, Does.StartWith($"{path}: ").And.Contains("nothing was written to it"));
        Assert.That(seen(new(new(_base + "/bee.png"), true, 1, 1))!.Image!.Width, Is.EqualTo(640));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("{}")]
    public async Task Records_that_are_not_there_yet_are_no_trouble(string? before)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, ImageRecords.FileName);
        if (before is not null)
            await File.WriteAllTextAsync(path, before);
        var lint = new OnlineLint(new(folder.Path), Publication(), Quick, TimeProvider.System);

        await lint.VisitAsync([new(new(_base + "/bee.png"), true, 1, 1)], _ => { }, default);

        Assert.That((lint.Trouble, ImageRecords.Read(await File.ReadAllTextAsync(path)).Count), Is.EqualTo(("", 1)));
    }

    private static WebVisitOptions Quick { get; } = new() { Pause = TimeSpan.Zero, Patience = TimeSpan.FromSeconds(3), MostBytes = 4096, AllowsPrivate = true };

    private static Publication Publication(string? baseUrl = null) => new() { Name = "N", FromAddress = "e@example.org", PostalAddress = "x", BaseUrl = baseUrl ?? _base };

    private static WebAddress Link(string path) => new(new(_base + path), false, 1, 1);

    private static async Task<Visit> VisitAsync(WebAddress address)
    {
        using var visits = new WebVisits(Some.Publication(), Quick, TimeProvider.System);
        return (await visits.AllAsync([address], _ => { }, default)).Values.Single();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        Asked.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (context.Request.Path == "/slow")
            _most = Math.Max(_most, Interlocked.Increment(ref _now));
        await AnswerAsync(context, HttpMethods.IsHead(context.Request.Method));
        if (context.Request.Path == "/slow")
            Interlocked.Decrement(ref _now);
    }

    private static async Task AnswerAsync(HttpContext context, bool isHead)
    {
        var response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/fine" or "/slow":
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
                response.StatusCode = path switch { "/gone" => 410, "/forbidden" => 403, "/broken" => 500, "/enough" => 429, _ => 404 };
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

    /// <summary>A clock that stands still and tells which waits were asked for; they end at once.</summary>
    private sealed class NotedTime : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = new();

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
