using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Newsletter.Acceptance.Tests.BadInput;

/// <summary>A publication with one good issue, number 5, as its editor would have it before something goes wrong.</summary>
internal sealed class APublication : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public APublication()
    {
        Directory.CreateDirectory(File("issues"));
        System.IO.File.WriteAllText(File("issues", "0005-good.md"), "---\ntitle: Good\n---\n\nHello {{ subscriber.name }}.\n");
        System.IO.File.WriteAllText(File("appsettings.json"), """
            {
              "Publication": {
                "Name": "Field Notes",
                "FromAddress": "editor@example.org",
                "PostalAddress": "1 Mill Lane",
                "BaseUrl": "https://news.example.org"
              }
            }
            """);
    }

    public TheProgram Newsletter => field ??= new(folder.Path);

    public string Path => folder.Path;

    public string Database => File("subscribers", "newsletter.db");

    public string File(params string[] names) => folder.File(names);

    /// <summary>Every file and folder in it, relative, but for the database's own.</summary>
    public IEnumerable<string> Everything => Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories)
        .Select(path => System.IO.Path.GetRelativePath(folder.Path, path)).Where(path => !path.StartsWith("subscribers", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Takes readers in.</summary>
    public async Task AddReadersAsync(int count)
    {
        var import = await Newsletter.FeedAsync("email,name\n" + string.Concat(Enumerable.Range(1, count).Select(i => $"reader{i}@example.com,Reader {i}\n")), "subscribers", "import", "-");
        Assert.That(import.Code, Is.Zero, import.Errors);
    }

    /// <summary>A number that the database counts.</summary>
    public long Count(string from)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from {from}";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Changes the database, as time would have.</summary>
    public void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose() => folder.Dispose();

    /// <summary>That a command ended with this code after one line on stderr that holds these words, and no trace of the program's inside.</summary>
    public static void Says(Ran run, int code, params string[] words)
    {
        Assert.That((run.Code, run.Output, run.ErrorLines.Length), Is.EqualTo((code, "", 1)), run.Errors);
        Assert.That(run.Errors, Does.Not.Contain("   at ").And.Not.Contain("Exception"));
        foreach (var word in words)
            Assert.That(run.Errors, Does.Contain(word));
    }

    /// <summary>The last line on stdout, as JSON: the tally of <c>send --json</c>.</summary>
    public static JsonElement Tally(Ran run) => JsonDocument.Parse(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
}
