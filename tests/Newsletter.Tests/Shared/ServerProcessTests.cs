namespace Newsletter.Tests.Shared;

public sealed class ServerProcessTests
{
    [Test]
    public async Task Its_folder_goes_with_it()
    {
        var folder = Directory.CreateTempSubdirectory("nl-").FullName;
        var server = await ServerProcess.StartAsync(folder, "at your service", "TERM", ["sh", "-c", "echo at your service; exec sleep 600"]);
        var before = Directory.Exists(folder);

        await server.DisposeAsync();

        Assert.That((before, Directory.Exists(folder)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task One_that_ends_before_it_is_ready_is_told_with_its_last_words()
    {
        var folder = Directory.CreateTempSubdirectory("nl-").FullName;

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServerProcess.StartAsync(folder, "at your service", "TERM", ["sh", "-c", "echo no room at the inn >&2; exit 7"]));

        Assert.That(fault?.Message, Does.Contain("no room at the inn"));
        Assert.That(Directory.Exists(folder), Is.False);
    }
}
