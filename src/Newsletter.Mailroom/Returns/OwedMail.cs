namespace Newsletter.Mailroom;

/// <summary>What is owed for mail that came: readers' replies to the editor, and word to those who left by it. What no relay takes is owed still.</summary>
public sealed class OwedMail(ReplyForwarder replies, Farewells farewells)
{
    /// <summary>Sends what is due.</summary>
    public async Task SendAsync(CancellationToken stop)
    {
        await replies.ForwardAsync(stop);
        await farewells.SendAsync(stop);
    }
}
