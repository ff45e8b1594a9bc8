using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Newsletter.Acceptance.Tests;

public sealed class AuditTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [Test]
    public async Task What_was_done_by_command_stands_in_the_log_with_who_and_without_whose_address()
    {
        await Newsletter.FeedAsync("email,name\nbob@example.org,Bob Quillfeather\n", "subscribers", "import", "-");
        await Newsletter.RunAsync("subscribers", "add", "kittiwake@example.org", "--name", "Ida Kittiwake");
        await Newsletter.RunAsync("subscribers", "add", "kittiwake@example.org");
        await Newsletter.RunAsync("subscribers", "unsubscribe", "kittiwake@example.org", "--why", "kittiwake asked by phone");
        await Newsletter.RunAsync("subscribers", "resume", "kittiwake@example.org", "--why", "kittiwake asked again");
        await Newsletter.RunAsync("subscribers", "export", "-");
        await Newsletter.RunAsync("subscribers", "remove", "kittiwake@example.org");

        var list = await Newsletter.RunAsync("audit", "list", "--json");
        var words = await Newsletter.RunAsync("audit", "list");
        var some = await Newsletter.RunAsync("audit", "list", "--act", "subscribers remove", "--json");

        Assert.That(Lines(list).Select(line => line.GetProperty("act").GetString()), Is.EqualTo(new[]
        {
            "subscribers import", "subscribers import", "subscribers add", "subscribers unsubscribe", "subscribers resume", "subscribers export", "subscribers remove",
        }), list.Errors);
        Assert.That(Lines(list).Select(line => line.GetProperty("actor").GetString()), Is.All.EqualTo($"command {Environment.UserName}"));
        Assert.That(Lines(list)[1].GetProperty("detail").GetProperty("tally").GetProperty("added").GetInt64(), Is.EqualTo(1));
        Assert.That(list.Output + words.Output, Does.Not.Contain("ittiwake").And.Not.Contain("@").And.Not.Contain("Quill"));
        Assert.That(Lines(some).Single().GetProperty("subject").GetString(), Is.EqualTo(Lines(list)[2].GetProperty("subject").GetString()).And.StartsWith("subscriber "));
        Assert.That(words.Output.Split('\n'), Has.Length.EqualTo(8));
    }

    [Test]
    public async Task A_log_that_was_changed_is_told_with_its_first_broken_line_and_exit_code_1()
    {
        foreach (var address in new[] { "ada@example.org", "bob@example.org", "zoe@example.org" })
            await Newsletter.RunAsync("subscribers", "add", address);
        var whole = await Newsletter.RunAsync("audit", "verify");
        var head = whole.Output.TrimEnd().Split(' ')[^1];
        await Newsletter.RunAsync("subscribers", "unsubscribe", "ada@example.org");

        var known = await Newsletter.RunAsync("audit", "verify", "--head", head, "--json");
        var strange = await Newsletter.RunAsync("audit", "verify", "--head", $"{head}0");
        await ForgeAsync("drop trigger audit_log_keeps; update audit_log set subject = 'subscriber 9' where seq = 2");
        var broken = await Newsletter.RunAsync("audit", "verify");

        Assert.That((whole.Code, whole.Output), Is.EqualTo((0, $"3 lines, none changed, none missing; head {head}\n")));
        Assert.That((known.Code, strange.Code, broken.Code), Is.EqualTo((0, 1, 1)), known.Errors);
        Assert.That(Lines(known).Single().GetProperty("lines").GetInt64(), Is.EqualTo(4));
        Assert.That(strange.Errors, Does.Contain("no line has the head"));
        Assert.That(broken.Errors, Does.StartWith("newsletter: the audit log is broken: line 2 is not as it was written"));
    }

    private static List<JsonElement> Lines(Ran ran) => [.. ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private async Task ForgeAsync(string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={folder.File("subscribers/newsletter.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }

    public void Dispose() => folder.Dispose();
}
