using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Who is at the other end, and what may it say? Hellos first, both ways; then every message comes
/// from the identity that the connection proved, and speaks only of topics both sides carry.
/// </summary>
public sealed class PeerSession(
    Link link,
    Did proven,
    string? dialedAddress,
    Nonce nonce,
    Self self,
    GossipOptions options,
    IAllowance? allowance = null) : IMachine
{
    private readonly Subscriptions _topics = new(link, options.Sizes.TopicsPerPeerMax);
    private readonly Liveness _liveness = new(options.Times);
    private readonly Throttle _throttle = new(
        proven, allowance ?? new Allowance(options.Rates, options.Sizes));
    private readonly Speech _speech = new(link, options);
    private State _state = new State.Greeting();
    private ulong _pings;

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.Started:
                Greet(now, outbox);
                break;
            case Signal.Frame frame:
                _liveness.Hear(now.Elapsed);
                Read(frame, now, outbox);
                break;
            case Signal.Send(_, GossipMessage.Goodbye(var code, var reason)):
                Part(code, reason, outbox);
                break;
            case Signal.Send(_, var message):
                Say(message, outbox);
                break;
            case Signal.TopicCarried carried:
                Carry(carried, outbox);
                break;
            case Signal.LinkClosed(_, var reason):
                End(reason, GoodbyeCode.None, outbox);
                break;
            case Signal.LivenessDue:
                CheckLiveness(now, outbox);
                break;
            case Signal.Restate:
                Restate(outbox);
                break;
            case Signal.Stopping:
                Part(GoodbyeCode.Leaving, "the node stops", outbox);
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }
    }

    private void Greet(Moment now, Outbox outbox)
    {
        _liveness.Open(now.Elapsed);
        _speech.Say(HelloRules.Own(self, nonce, options), null, outbox);
        outbox.After(_liveness.NextCheck, new Signal.LivenessDue(link));
    }

    private void Read(Signal.Frame frame, Moment now, Outbox outbox)
    {
        if (_state is State.Closed)
        {
            // Said before it heard that we parted: nobody did anything wrong.
            outbox.Add(new Effect.Credit(link, frame.Cost));
            return;
        }

        var names = (_state as State.Established)?.Names;
        switch (MessageCodec.Decode(frame.Bytes, names, options))
        {
            case DecodeResult.Read(var message, var dropped):
                dropped.ToList().ForEach(outbox.Add);
                Hear(_throttle.Admit(message, now, outbox), frame.Cost, outbox);
                return;
            case DecodeResult.Refused(var refusal):
                outbox.Add(refusal with { Detail = $"{proven.Tail}: {refusal.Detail}" });
                outbox.Add(new Effect.Credit(link, frame.Cost));
                if (refusal.Code is not (RefusalCode.MessageUnexpected or RefusalCode.TopicUnknown))
                {
                    Expel(Conduct.GoodbyeFor(refusal.Code), refusal.Detail, outbox);
                }

                return;
        }
    }

    private void Hear(GossipMessage? message, int bytes, Outbox outbox)
    {
        switch (_state, message)
        {
            case (State.Established established, GossipMessage.Announcement
                or GossipMessage.PullRequest or GossipMessage.PullResponse
                or GossipMessage.Heads or GossipMessage.AntiEntropy):
                // Whoever takes it gives the credit back.
                outbox.Tell(new Signal.Received(link, established.Peer.Did, message, bytes));
                return;
            case (State.Greeting, GossipMessage.Hello hello):
                Meet(hello, outbox);
                break;
            case (_, GossipMessage.Goodbye(var code, var reason)):
                // What it thinks of itself or of us is no reason to forget its address.
                // Only this reason is believed: others would steer our dialling.
                var believed = code == GoodbyeCode.Leaving ? code : GoodbyeCode.None;
                End($"the peer said goodbye ({code}): {reason}", believed, outbox);
                outbox.Add(new Effect.Hangup(link, reason));
                break;
            case (State.Established established, GossipMessage.Subscribe(var token)):
                HearSubscribe(established, token, outbox);
                break;
            case (State.Established established, GossipMessage.Unsubscribe(var token)):
                _topics.HearEnd(token, established.Peer.Did, established.Names, outbox);
                break;
            case (State.Established, GossipMessage.Ping(var token)):
                Say(new GossipMessage.Pong(token), outbox);
                break;
            case (State.Established, GossipMessage.Pong) or (_, null):
                break;
            default:
                outbox.Refuse(
                    RefusalCode.MessageUnexpected,
                    $"{proven.Tail}: {message.GetType().Name} while {_state.GetType().Name}");
                Expel(GoodbyeCode.Unexpected, "that message does not belong here", outbox);
                break;
        }

        outbox.Add(new Effect.Credit(link, bytes));
    }

    private void Meet(GossipMessage.Hello hello, Outbox outbox)
    {
        if (HelloRules.ObjectionTo(hello, proven, self) is var (refusal, code, reason))
        {
            outbox.Refuse(refusal, $"{proven.Tail}: {reason}");
            Expel(code, reason, outbox);
            return;
        }

        var peer = new Peer(hello.From, hello.Instance, hello.ListenAddress, dialedAddress);
        var established = new State.Established(peer, new(nonce, hello.Nonce));
        _state = established;
        _speech.Heed(hello);
        outbox.Tell(new Signal.PeerUp(link, peer));
        _topics.Open(peer.Did, established.Names, outbox);
    }

    private void Carry(Signal.TopicCarried carried, Outbox outbox)
    {
        _topics.Carry(carried);
        if (_state is State.Established(var peer, var names))
        {
            _topics.Offer(carried.Topic, peer.Did, names, outbox);
        }
    }

    private void HearSubscribe(State.Established established, TopicToken token, Outbox outbox)
    {
        if (!_topics.Hear(token, established.Peer.Did, established.Names, outbox))
        {
            outbox.Add(new Effect.Exceed(
                LimitKind.TopicsPerPeer, 1,
                $"{proven.Tail}: names more than {options.Sizes.TopicsPerPeerMax} topics"));
        }
    }

    private void Say(GossipMessage message, Outbox outbox)
    {
        if (_state is State.Established(_, var names)
            && Subscriptions.Clip(message, names) is { } allowed)
        {
            _throttle.Note(allowed);
            _speech.Say(allowed, names, outbox);
        }
    }

    private void CheckLiveness(Moment now, Outbox outbox)
    {
        switch (_liveness.Judge(now.Elapsed, _state is State.Greeting))
        {
            case Liveness.Verdict.Dead(var reason) when _state is not State.Closed:
                Part(GoodbyeCode.TooSlow, reason, outbox);
                return;
            case Liveness.Verdict.Silent:
                Say(new GossipMessage.Ping(++_pings), outbox);
                break;
        }

        if (_state is not State.Closed)
        {
            outbox.After(_liveness.NextCheck, new Signal.LivenessDue(link));
        }
    }

    private void Restate(Outbox outbox)
    {
        if (_state is State.Established established)
        {
            outbox.Tell(new Signal.PeerUp(link, established.Peer));
            _topics.Restate(established.Peer.Did, outbox);
        }
    }

    /// <summary>It is the peer's own doing that we part.</summary>
    private void Expel(GoodbyeCode code, string reason, Outbox outbox)
    {
        if (_state is not State.Closed)
        {
            outbox.Expelled(link, proven, code, reason);
            Part(code, reason, outbox);
        }
    }

    private void Part(GoodbyeCode code, string reason, Outbox outbox)
    {
        if (_state is not State.Closed)
        {
            _speech.Say(new GossipMessage.Goodbye(code, reason), null, outbox);
            End(reason, code, outbox);
            outbox.Add(new Effect.Hangup(link, reason));
        }
    }

    private void End(string reason, GoodbyeCode code, Outbox outbox)
    {
        if (_state is State.Established)
        {
            var isLeaving = code == GoodbyeCode.Leaving;
            outbox.Tell(new Signal.PeerDown(link, reason) { IsLeaving = isLeaving });
        }
        else if (_state is State.Greeting && dialedAddress is not null)
        {
            outbox.Tell(new Signal.DialFailed(dialedAddress, code, reason));
        }

        _state = new State.Closed();
    }

    /// <summary>Where a session stands; each state holds only what makes sense in it.</summary>
    private abstract record State
    {
        private State()
        {
        }

        /// <summary>Our hello is out; theirs is awaited until the handshake timeout.</summary>
        public sealed record Greeting : State;

        /// <summary>
        /// Both hellos agreed. Left by goodbye, silence, or the connection's end.
        /// </summary>
        public sealed record Established(Peer Peer, TopicNames Names) : State;

        /// <summary>Nothing is said or heard any more.</summary>
        public sealed record Closed : State;
    }
}
